import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { type Dispatcher, Pool } from 'undici';
import { type Answer, type ApiDocument, createCheck } from '../app/announced.ts';
import { type FuzzRequest, type Known, requestsOf } from './contract-fuzz.ts';
import { OWNER_TOKEN, press, type Server, startBackends, startServer } from './processes.ts';

/** How many requests are sent in all, half of them reads only. */
const REQUESTS = 20_000;
const AT_ONCE = 24;
const ANSWERS_WITHIN_MS = 15_000;

/** A refusal that is not a fault: the state it names was brought about on purpose. */
const BLOCKED = ['PAUSED', 'BUDGET_SPENT', 'PREFLIGHT_FAILED', 'NIGHTLY_WINDOW'];

interface Sent extends Answer {
  readonly headers: Readonly<Record<string, unknown>>;
}

/** As a browser reads it. */
const textOf = async ({ headers, body }: Dispatcher.ResponseData): Promise<string> => {
  if (headers['content-encoding'] !== 'gzip') return body.text();
  const bytes = await body.bytes();
  return bytes.byteLength === 0 ? '' : gunzipSync(bytes).toString();
};

const send = async (pool: Pool, { method, path, headers, body }: FuzzRequest): Promise<Sent> => {
  const answer = await pool.request({
    method: method as 'GET',
    path,
    headers,
    body,
    headersTimeout: ANSWERS_WITHIN_MS,
    bodyTimeout: ANSWERS_WITHIN_MS,
  });
  return {
    statusCode: answer.statusCode,
    contentType: String(answer.headers['content-type'] ?? ''),
    body: await textOf(answer),
    headers: answer.headers,
  };
};

const problemWith = (request: FuzzRequest, answer: Sent, check: ReturnType<typeof createCheck>): string | null => {
  const { statusCode, contentType, body, headers } = answer;
  if (statusCode >= 500) {
    const code = contentType.startsWith('application/problem+json') ? String(JSON.parse(body).code) : '';
    if (statusCode !== 503 || !BLOCKED.includes(code) || headers['retry-after'] === undefined) {
      return `${statusCode} ${body.slice(0, 300)}`;
    }
  }
  if (headers['x-content-type-options'] !== 'nosniff') return 'no security headers';
  if (request.method === 'HEAD') return body === '' ? null : 'HEAD with a body';
  if (statusCode >= 400 && !contentType.startsWith('application/problem+json') && !request.path.startsWith('/readyz')) {
    return `${statusCode} without a problem: ${contentType} ${body.slice(0, 200)}`;
  }
  return request.route === null ? null : check(request.route, request.method.toLowerCase(), answer);
};

/** Sends them all, some at once, and answers with what was wrong and how often each status was met. */
const sendAll = async (server: Server, document: ApiDocument, requests: readonly FuzzRequest[]) => {
  const check = createCheck(document);
  const pool = new Pool(server.url, { connections: AT_ONCE });
  const wrong: string[] = [];
  const statuses = new Map<number, number>();
  let next = 0;
  const sendSome = async (): Promise<void> => {
    for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
      try {
        const answer = await send(pool, request);
        statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
        const problem = problemWith(request, answer, check);
        if (problem !== null) wrong.push(`${JSON.stringify(request)}: ${problem}`);
      } catch (error) {
        wrong.push(`${JSON.stringify(request)}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendSome));
  await pool.close();
  return { wrong, statuses };
};

const knownOf = async (server: Server, tokens: readonly string[], ids: readonly string[]): Promise<Known> => {
  const ledger = await server.request('/v1/deployments?limit=3');
  const page = (await ledger.json()) as { entries: readonly { id: string }[]; next_cursor: string | null };
  const current = await server.request('/v1/deployments/current');
  return {
    ids: [...ids, ...page.entries.map(({ id }) => id)],
    tokens,
    etags: [current.headers.get('etag') ?? ''],
    cursors: page.next_cursor === null ? [] : [page.next_cursor],
  };
};

const reportOf = (statuses: ReadonlyMap<number, number>): string =>
  [...statuses]
    .sort(([a], [b]) => a - b)
    .map(([status, times]) => `${status}×${times}`)
    .join(' ');

const checkNothingWrong = (t: Test, wrong: readonly string[], seed: number): void => {
  t.strictSame(wrong.slice(0, 5), [], `of ${wrong.length} with seed ${seed}`);
};

t.test(
  'Given the document, when 20,000 requests follow it, then every answer does and no read starts anything',
  async (t) => {
    const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
    t.comment(`seed ${seed}`);
    const backends = await startBackends(t, { speed: 20 });
    const server = await startServer(t, backends, { LOG_LEVEL: 'warn', QUOTA_PER_DAY: '5' });
    const document = (await (await server.request('/openapi.json')).json()) as ApiDocument;
    const sample = (known: Known, onlyReads: boolean) =>
      fc.sample(requestsOf(document, known, onlyReads), { numRuns: REQUESTS / 2, seed });

    const reads = await sendAll(server, document, sample(await knownOf(server, [OWNER_TOKEN], []), true));
    checkNothingWrong(t, reads.wrong, seed);
    t.comment(reportOf(reads.statuses));
    t.equal((await server.view()).status, 'idle', 'no read starts anything');
    t.same(await backends.pipelines('apply'), []);
    t.same(await server.ledger(), []);

    const { id, control_token: token } = await press(t, server);
    const known = await knownOf(server, [OWNER_TOKEN, token, `${token}x`], [id]);
    const all = await sendAll(server, document, sample(known, false));
    checkNothingWrong(t, all.wrong, seed);
    t.comment(reportOf(all.statuses));
    for (const status of [200, 304]) t.ok((reads.statuses.get(status) ?? 0) > 0, `${status} was met by reads`);
    for (const status of [200, 202, 400, 401, 403, 404, 405, 409, 415]) {
      t.ok((all.statuses.get(status) ?? 0) > 0, `${status} was met`);
    }
    t.equal((await server.request('/livez')).status, 200, 'and it still lives');
    t.notMatch(server.output(), /"level":"(error|fatal)"|"level":[56]0/, 'nothing was logged as an error');
  },
);
