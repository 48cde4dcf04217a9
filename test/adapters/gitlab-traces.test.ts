import t, { type Test } from 'tap';
import { createGitlabTraces } from '../../src/adapters/gitlab-traces.ts';
import { isDemoError } from '../../src/lifecycle/errors.ts';
import { BAD_GATEWAY_PAGE, type Shape } from './gitlab-answers.ts';
import { createGitlabWorld, failureOf, type SeenRequest } from './gitlab-world.ts';

const LIMIT = 500_000;
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** A GitLab with this log; an old one ignores the parameters of the range. */
const setUp = (t: Test, kind: 'old' | 'new', log: () => string) => {
  const world = createGitlabWorld();
  t.teardown(world.close);
  const serve = ({ url }: SeenRequest): Shape => {
    const offset = Number(url.searchParams.get('byte_offset') ?? 0);
    const limit = Number(url.searchParams.get('byte_limit') ?? Number.MAX_SAFE_INTEGER);
    const body = kind === 'old' ? log() : log().slice(offset, offset + limit);
    return { status: 200, body, headers: { 'content-type': 'text/plain' } };
  };
  world.answer('GET', /\/jobs\/5\/trace/, serve, { times: Number.POSITIVE_INFINITY });
  const asked = () => world.seen.splice(0).map(({ url }) => url.search);
  return { ...world, asked, traces: createGitlabTraces({ client: world.client, log: world.log }) };
};

t.test('Given a new server, when reading on, then it is found out once and only the new bytes come', async (t) => {
  let log = 'one\ntwo\n';
  const { traces, asked, names } = setUp(t, 'new', () => log);
  t.equal(text(await traces.read(5, 0)), 'one\ntwo\n');
  t.same(asked(), [`?byte_offset=0&byte_limit=${LIMIT}`]);
  log += 'three\n';
  t.equal(text(await traces.read(5, 8)), 'three\n');
  t.same(asked(), ['?byte_offset=0&byte_limit=1', `?byte_offset=8&byte_limit=${LIMIT}`]);
  t.equal(text(await traces.read(5, 14)), '', 'nothing new');
  t.same(asked(), [`?byte_offset=14&byte_limit=${LIMIT}`]);
  t.same(names(), []);
});

t.test('Given an old server and a short log, when reading on, then the rest is cut out of the whole', async (t) => {
  let log = 'one\ntwo\n';
  const { traces, asked, names } = setUp(t, 'old', () => log);
  t.equal(text(await traces.read(5, 0)), 'one\ntwo\n');
  asked();
  log += 'three\n';
  t.equal(text(await traces.read(5, 8)), 'three\n');
  t.same(asked(), ['?byte_offset=0&byte_limit=1', '']);
  t.equal(text(await traces.read(5, 14)), '');
  t.equal(text(await traces.read(5, 0)), log);
  t.same(asked(), ['', ''], 'it is remembered');
  t.same(names(), ['gitlab.trace_without_ranges'], 'and told once');
});

t.test('Given an old server, when its log is longer than the limit, then that alone gives it away', async (t) => {
  const log = `${'x'.repeat(LIMIT)}END`;
  const { traces, asked } = setUp(t, 'old', () => log);
  const first = await traces.read(5, 0);
  t.equal(first.byteLength, LIMIT);
  t.same(asked(), [`?byte_offset=0&byte_limit=${LIMIT}`, '']);
  t.equal(text(await traces.read(5, LIMIT)), 'END');
});

t.test('Given a log of exactly the limit, when it is read, then nothing is concluded from it', async (t) => {
  const { traces, asked, names } = setUp(t, 'new', () => 'x'.repeat(LIMIT));
  t.equal((await traces.read(5, 0)).byteLength, LIMIT);
  t.same(asked().length, 1);
  t.same(names(), []);
});

for (const kind of ['old', 'new'] as const) {
  t.test(
    `Given the ${kind} server and a log of one byte or two, when reading past the first, then all is well`,
    async (t) => {
      let log = 'a';
      const { traces, asked } = setUp(t, kind, () => log);
      t.equal(text(await traces.read(5, 1)), '');
      log = 'ab';
      t.equal(text(await traces.read(5, 1)), 'b');
      t.same(asked(), [`?byte_offset=0&byte_limit=${LIMIT}`, `?byte_offset=0&byte_limit=${LIMIT}`]);
      log = 'abc';
      t.equal(text(await traces.read(5, 2)), 'c');
      t.equal(text(await traces.read(5, 1)), 'bc', 'also once it is known');
    },
  );

  t.test(
    `Given the ${kind} server and an erased log, when reading on, then there is nothing and it stays open`,
    async (t) => {
      let log = '';
      const { traces, names } = setUp(t, kind, () => log);
      t.equal((await traces.read(5, 100)).byteLength, 0);
      t.same(names(), []);
      log = `${'x'.repeat(100)}tail`;
      t.equal(text(await traces.read(5, 100)), 'tail');
    },
  );
}

t.test('Given an old server with more than eight megabytes, then what lies behind them is left out', async (t) => {
  const { traces } = setUp(t, 'old', () => 'x'.repeat(8_000_100));
  t.equal((await traces.read(5, 7_999_990)).byteLength, 10);
  t.equal((await traces.read(5, 8_000_000)).byteLength, 0);
});

t.test(
  'Given a server that forgets the ranges again, when its answer is too long, then it counts as old',
  async (t) => {
    let log = 'abcdef';
    let isOld = false;
    const world = createGitlabWorld();
    t.teardown(world.close);
    const serve = ({ url }: SeenRequest): Shape => {
      const offset = isOld ? 0 : Number(url.searchParams.get('byte_offset'));
      const limit = isOld ? log.length : Number(url.searchParams.get('byte_limit'));
      return { status: 200, body: log.slice(offset, offset + limit) };
    };
    world.answer('GET', /\/jobs\/5\/trace/, serve, { times: 9 });
    const traces = createGitlabTraces({ client: world.client, log: world.log });
    t.equal(text(await traces.read(5, 2)), 'cdef');
    log = 'y'.repeat(600_001);
    isOld = true;
    t.equal((await traces.read(5, 200_000)).byteLength, 400_001);
    t.same(world.names(), ['gitlab.trace_without_ranges']);
  },
);

t.test('Given a job GitLab does not know, then it has no log', async (t) => {
  const world = createGitlabWorld();
  t.teardown(world.close);
  world.answer('GET', /trace/, { status: 404, body: { message: '404 Not found' } });
  const traces = createGitlabTraces({ client: world.client, log: world.log });
  t.equal((await traces.read(5, 0)).byteLength, 0);
});

for (const shape of [
  BAD_GATEWAY_PAGE,
  { status: 200, body: '<html>sign in</html>', headers: { 'content-type': 'text/html' } },
  { status: 403, body: { message: '403 Forbidden' } },
  { status: 404, body: { message: '404 Project Not Found' } },
  { status: 302, body: '', headers: {} },
] satisfies readonly Shape[]) {
  t.test(`Given ${shape.status} ${JSON.stringify(shape.body).slice(0, 40)}, then the log cannot be read`, async (t) => {
    const world = createGitlabWorld();
    t.teardown(world.close);
    world.answer('GET', /trace/, shape, { times: 3 });
    const traces = createGitlabTraces({ client: world.client, log: world.log });
    t.ok(isDemoError(await failureOf(traces.read(5, 0)), 'PIPELINES_UNAVAILABLE'));
  });
}

t.test('Given numbers that are no ids or offsets, then nothing is asked', async (t) => {
  const { traces, seen } = setUp(t, 'new', () => 'x');
  for (const [job, offset] of [
    [0, 0],
    [1.5, 0],
    [5, -1],
    [5, 0.5],
  ] as const) {
    t.equal((await failureOf(traces.read(job, offset))).name, 'RangeError');
  }
  t.equal(seen.length, 0);
});
