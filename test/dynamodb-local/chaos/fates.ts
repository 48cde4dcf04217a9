import type { CannedAnswer, Fate } from '../../processes/faulty-proxy.ts';
import type { Chances } from './chances.ts';
import { type Errand, mayBeRepeated } from './errands.ts';

export type Dependency = 'gitlab' | 'dynamodb';

/**
 * Later than a server waits (2 s for GitLab, 2.5 s for the store). GitLab may act on a request for 5 s after it was sent,
 * in local mode: the proof of absence waits that out, and what is later cannot happen. The simulator takes the rest.
 */
const LATEST_MS = { gitlab: 2_400, dynamodb: 3_500 } as const;

const html = (status: number): CannedAnswer => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: `<html><head><title>${status}</title></head><body>Whoops, something is taking too much time.</body></html>`,
});

const json = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): CannedAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

const GITLAB_ANSWERS: readonly (readonly [number, CannedAnswer])[] = [
  [6, json(500, { message: '500 Internal Server Error' })],
  [6, html(502)],
  [5, html(503)],
  [4, { status: 429, headers: { 'content-type': 'text/plain', 'retry-after': '1' }, body: 'Retry later\n' }],
  // A server that was refused asks nothing for ten seconds, so it must not be refused all the time.
  [1, json(401, { message: '401 Unauthorized' })],
];

const storeError = (status: number, type: string): CannedAnswer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify({ __type: type, message: 'made up by the test' }),
});

const STORE_ANSWERS: readonly (readonly [number, CannedAnswer])[] = [
  [4, storeError(400, 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException')],
  [4, storeError(400, 'com.amazon.coral.availability#ThrottlingException')],
  [3, storeError(500, 'com.amazonaws.dynamodb.v20120810#InternalServerError')],
  [2, storeError(503, 'com.amazonaws.dynamodb.v20120810#ServiceUnavailableException')],
];

/** Something goes wrong with this request. */
export const badFate = (chances: Chances, dependency: Dependency, errand: Errand): Fate => {
  const answers = dependency === 'gitlab' ? GITLAB_ANSWERS : STORE_ANSWERS;
  const fate = chances.weighted<Fate>([
    [3, { kind: 'lose-request' }],
    [5, { kind: 'lose-reply' }],
    [4, { kind: 'delay', delayMs: chances.between(100, LATEST_MS[dependency]) }],
    [5, { kind: 'answer', answer: chances.weighted(answers) }],
    [2, { kind: 'hang' }],
    [2, { kind: 'hang-reply' }],
    [2, { kind: 'cut' }],
    [3, { kind: 'twice' }],
  ]);
  return fate.kind === 'twice' && !mayBeRepeated(errand) ? { kind: 'lose-reply' } : fate;
};

/** Nothing gets through. */
export const noFate = (chances: Chances): Fate =>
  chances.weighted<Fate>([
    [4, { kind: 'lose-request' }],
    [1, { kind: 'hang' }],
  ]);
