import type { LightMyRequestResponse } from 'fastify';
import type { Test } from 'tap';

/** Asserts that an answer is a problem of that status and code, complete and safe, and returns its body. */
export const checkProblem = (
  t: Test,
  response: LightMyRequestResponse,
  status: number,
  code: string,
): Record<string, unknown> => {
  t.equal(response.statusCode, status, `answers ${status}`);
  t.match(response.headers['content-type'], /^application\/problem\+json/);
  t.equal(response.headers['cache-control'], 'no-store');
  const body: Record<string, unknown> = response.json();
  t.equal(body.code, code);
  t.equal(body.status, status);
  t.equal(body.type, `https://demo.example/problems/${code.toLowerCase().replaceAll('_', '-')}`);
  t.equal(body.request_id, response.headers['x-request-id']);
  t.type(body.title, 'string');
  t.type(body.instance, 'string');
  return body;
};
