import t, { type Test } from 'tap';
import { gitlabFailureOf } from '../../src/adapters/gitlab-failure.ts';
import { createGitlabPipelines } from '../../src/adapters/gitlab-pipelines.ts';
import { GITLAB_STATUSES } from '../../src/adapters/gitlab-status.ts';
import { isDemoError } from '../../src/lifecycle/errors.ts';
import {
  BAD_GATEWAY_PAGE,
  CREATED_AT,
  DEPLOYMENT,
  job,
  named,
  OTHER_DEPLOYMENT,
  PIPELINE_ID,
  SHA,
  type Shape,
} from './gitlab-answers.ts';
import { API, createGitlabWorld, failureOf } from './gitlab-world.ts';

const NAME = `demo apply ${DEPLOYMENT} req-1`;
const SINCE = Date.parse('2026-11-20T08:50:00Z');
const json = (body: unknown, headers: Record<string, string> = {}): Shape => ({ status: 200, body, headers });

const setUp = (t: Test) => {
  const world = createGitlabWorld();
  t.teardown(world.close);
  const liveOrigins = ['https://*.demos.example.com'];
  return {
    ...world,
    pipelines: createGitlabPipelines({ client: world.client, ref: 'demo-v1', liveOrigins, log: world.log }),
  };
};

const readWith = async (t: Test, pipeline: unknown, jobs: unknown) => {
  const world = setUp(t);
  world.answer('GET', `${API}/pipelines/${PIPELINE_ID}`, json(pipeline));
  world.answer('GET', `${API}/pipelines/${PIPELINE_ID}/jobs?per_page=100&page=1`, json(jobs));
  return { ...world, read: () => world.pipelines.read(PIPELINE_ID) };
};

const EXPECTED: Readonly<Record<string, readonly [state: string, terminal: boolean, running: boolean]>> = {
  created: ['waiting', false, false],
  waiting_for_resource: ['waiting', false, false],
  preparing: ['waiting', false, false],
  waiting_for_callback: ['waiting', false, false],
  pending: ['waiting', false, false],
  running: ['running', false, true],
  canceling: ['running', false, true],
  success: ['succeeded', true, false],
  failed: ['failed', true, false],
  canceled: ['canceled', true, false],
  skipped: ['skipped', true, false],
  manual: ['manual', false, false],
  scheduled: ['waiting', false, false],
};

t.test('Given the statuses of GitLab, then there are thirteen and each is expected', async (t) => {
  t.same([...GITLAB_STATUSES.keys()].sort(), Object.keys(EXPECTED).sort());
  t.equal(GITLAB_STATUSES.size, 13);
});

for (const [status, [state, terminal, running]] of Object.entries(EXPECTED)) {
  t.test(`Given the status ${status}, when listed and read, then it is folded into our words`, async (t) => {
    const { pipelines, answer, names } = setUp(t);
    answer('GET', new RegExp(`^${API}/pipelines\\?`), json([named(NAME, { status })]));
    const [listed] = await pipelines.list(DEPLOYMENT, SINCE);
    t.match(listed, { terminal, running });
    answer('GET', `${API}/pipelines/${PIPELINE_ID}`, json(named(NAME, { status })));
    answer('GET', /\/jobs\?/, json([job({ status })]));
    const observed = await pipelines.read(PIPELINE_ID);
    t.equal(observed?.terminal, terminal);
    t.equal(observed?.status, status);
    t.equal(observed?.jobs[0]?.state, state);
    t.same(names(), []);
  });
}

t.test('Given a status nobody knows, then it is in progress, shown if it is a word, and told once', async (t) => {
  const { pipelines, answer, events } = setUp(t);
  for (const status of ['waiting_for_approval', 'waiting_for_approval', '<b>Ünknown</b>']) {
    answer('GET', `${API}/pipelines/${PIPELINE_ID}`, json(named(NAME, { status })));
    answer('GET', /\/jobs\?/, json([job({ status })]));
    const observed = await pipelines.read(PIPELINE_ID);
    t.match(observed, { terminal: false, status: status.startsWith('<') ? 'unknown' : status });
    t.equal(observed?.jobs[0]?.state, 'waiting');
  }
  t.same(events, [
    { level: 'warn', name: 'gitlab.unknown_status', fields: { status: 'waiting_for_approval' } },
    { level: 'warn', name: 'gitlab.unknown_status', fields: { status: 'unknown' } },
  ]);
});

t.test('Given a pipeline and its jobs, when it is read, then everything we use is there', async (t) => {
  const jobs = [
    job({ id: 5, name: 'stop', status: 'manual', started_at: null }),
    job({ id: 4, status: 'failed', finished_at: '2026-11-20T09:13:32+01:00', failure_reason: 'script_failure' }),
    job({ id: 3, name: 'plan', stage: 'plan', status: 'success', finished_at: '2026-11-20T09:01:30Z' }),
  ];
  const pipeline = named(NAME, {
    status: 'failed',
    started_at: '2026-11-20T09:00:09.123Z',
    finished_at: '2026-11-20T09:13:32Z',
  });
  const { read } = await readWith(t, pipeline, jobs);
  t.same(await read(), {
    id: PIPELINE_ID,
    name: NAME,
    status: 'failed',
    terminal: true,
    sha: SHA,
    webUrl: `https://gitlab.example.com/acme/eks/-/pipelines/${PIPELINE_ID}`,
    createdAt: CREATED_AT,
    startedAt: CREATED_AT + 9_000,
    finishedAt: Date.parse('2026-11-20T09:13:32Z'),
    jobs: [
      {
        id: 3,
        name: 'plan',
        stage: 'plan',
        state: 'succeeded',
        startedAt: Date.parse('2026-11-20T09:01:35.123Z'),
        finishedAt: Date.parse('2026-11-20T09:01:30Z'),
        failureReason: null,
      },
      {
        id: 4,
        name: 'apply',
        stage: 'apply',
        state: 'failed',
        startedAt: Date.parse('2026-11-20T09:01:35.123Z'),
        finishedAt: Date.parse('2026-11-20T08:13:32Z'),
        failureReason: 'script_failure',
      },
      { id: 5, name: 'stop', stage: 'apply', state: 'manual', startedAt: null, finishedAt: null, failureReason: null },
    ],
  });
});

t.test('Given retried jobs, when read in any order, then the newest of each name counts', async (t) => {
  const jobs = [
    job({ id: 3, status: 'failed' }),
    job({ id: 9, status: 'running' }),
    job({ id: 6, status: 'canceled' }),
  ];
  const { read } = await readWith(t, named(NAME, { status: 'running' }), jobs);
  const observed = await read();
  t.equal(observed?.jobs.length, 1);
  t.match(observed?.jobs[0], { id: 9, state: 'running' });
});

t.test('Given a finished pipeline whose stop job runs by now, then it has not ended', async (t) => {
  const jobs = [job({ id: 5, name: 'stop', status: 'running' }), job({ id: 4, status: 'success' })];
  const { read } = await readWith(t, named(NAME, { status: 'success' }), jobs);
  const observed = await read();
  t.equal(observed?.terminal, false);
  t.equal(observed?.jobs.find(({ name }) => name === 'stop')?.state, 'running');
});

t.test('Given a finished pipeline with a job left behind or manual, then it has ended', async (t) => {
  const jobs = [
    job({ id: 6, name: 'verify', status: 'created' }),
    job({ id: 5, name: 'stop', status: 'manual' }),
    job({ id: 4, status: 'failed', failure_reason: 'WEIRD reason' }),
  ];
  const { read } = await readWith(t, named(NAME, { status: 'failed' }), jobs);
  const observed = await read();
  t.equal(observed?.terminal, true);
  t.equal(observed?.jobs[0]?.failureReason, null, 'only a reason that is one of its words');
});

t.test('Given a 404, when GitLab says that the pipeline is gone, then there is none', async (t) => {
  const { pipelines, answer } = setUp(t);
  answer('GET', `${API}/pipelines/7`, { status: 404, body: { message: '404 Not found' } });
  t.equal(await pipelines.read(7), null);
});

for (const shape of [
  { status: 404, body: { message: '404 Project Not Found' } },
  { status: 404, body: { error: '404 Not Found' } },
  { status: 404, body: '<html>no</html>', headers: { 'content-type': 'text/html' } },
  { status: 403, body: { message: '403 Forbidden' } },
  { status: 200, body: named(NAME, { id: 8 }) },
  { status: 200, body: [] },
  { status: 200, body: '{"id": 7, "stat', headers: { 'content-type': 'application/json' } },
  { status: 200, body: '<html>sign in</html>', headers: { 'content-type': 'text/html' } },
  { status: 200, body: named(NAME, { id: 7, started_at: '2026-11-20 09:00:00 UTC' }) },
  { status: 200, body: named(NAME, { id: 7, started_at: '2026-13-41T09:00:00Z' }) },
  { status: 200, body: named(NAME, { id: 7, status: null }) },
  { status: 200, body: { ...named(NAME, { id: 7 }), name: 5 } },
  BAD_GATEWAY_PAGE,
] satisfies readonly Shape[]) {
  t.test(
    `Given ${shape.status} ${JSON.stringify(shape.body).slice(0, 60)}, then nothing is said about the pipeline`,
    async (t) => {
      const { pipelines, answer } = setUp(t);
      answer('GET', `${API}/pipelines/7`, shape, { times: 3 });
      t.ok(isDemoError(await failureOf(pipelines.read(7)), 'PIPELINES_UNAVAILABLE'));
    },
  );
}

for (const jobs of [{}, [null], [job({ id: 2 ** 53 })], [job({ name: '' })], [job({ stage: 3 })], [job({ id: 0 })]]) {
  t.test(
    `Given jobs that are none (${JSON.stringify(jobs).slice(0, 40)}), then the pipeline is not half believed`,
    async (t) => {
      const { read } = await readWith(t, named(NAME), jobs);
      t.equal(gitlabFailureOf(await failureOf(read()))?.kind, 'unusable');
    },
  );
}

t.test('Given a pipeline without a name, when it is read, then that is no error', async (t) => {
  const { read } = await readWith(t, named(null), []);
  t.match(await read(), { name: '', jobs: [] });
});

t.test('Given many pipelines, when listed, then every page is read and only exact names of ours count', async (t) => {
  const { pipelines, answer, seen } = setUp(t);
  const first = [
    named(NAME, { id: 9, status: 'running' }),
    named(`demo destroy ${DEPLOYMENT} req-2`, { id: 8, status: 'pending', source: 'web' }),
    named(`demo apply ${OTHER_DEPLOYMENT} req-3`, { id: 7 }),
    named(`demo apply ${DEPLOYMENT}`, { id: 6 }),
    named(`demo apply ${DEPLOYMENT} req-1 and more`, { id: 5 }),
  ];
  const second = [
    named(`Demo apply ${DEPLOYMENT} req-1`, { id: 4 }),
    named(`demo plan ${DEPLOYMENT} req-1`, { id: 3 }),
    named(null, { id: 2 }),
    named(`demo destroy ${DEPLOYMENT} req-2`, { id: 8, status: 'running' }),
    named(`demo apply ${DEPLOYMENT} req-0`, { id: 1, status: 'canceled' }),
  ];
  answer('GET', /[?&]page=1(?:&|$)/, json(first, { 'x-next-page': '2' }));
  answer('GET', /[?&]page=2(?:&|$)/, json(second, { 'x-next-page': '' }));
  t.match(await pipelines.list(DEPLOYMENT, SINCE), [
    { id: 9, direction: 'apply', requestId: 'req-1', terminal: false, running: true, sha: SHA },
    { id: 8, direction: 'destroy', requestId: 'req-2', terminal: false, running: true },
    { id: 1, direction: 'apply', requestId: 'req-0', terminal: true, running: false },
  ]);
  t.same(Object.fromEntries(seen[0]?.url.searchParams ?? []), {
    updated_after: '2026-11-20T08:49:00.000Z',
    order_by: 'id',
    sort: 'desc',
    per_page: '100',
    page: '1',
  });
});

t.test('Given a link header instead of x-next-page, then its page number is followed, never its address', async (t) => {
  const { pipelines, answer, seen } = setUp(t);
  const link =
    '<https://elsewhere.example.net/x?page=2&per_page=100>; rel="next", <https://a.example/?page=1>; rel="first"';
  answer('GET', /[?&]page=1(?:&|$)/, json([], { link }));
  answer('GET', /[?&]page=2(?:&|$)/, json([named(NAME)], { link: '<https://a.example/?page=1>; rel="first"' }));
  t.equal((await pipelines.list(DEPLOYMENT, SINCE)).length, 1);
  t.ok(seen.every(({ url }) => url.hostname === 'gitlab.example.com'));
});

t.test('Given no paging headers at all, then a full page has a successor', async (t) => {
  const { pipelines, answer } = setUp(t);
  const full = Array.from({ length: 100 }, (_, index) => named(null, { id: index + 1 }));
  answer('GET', /[?&]page=1(?:&|$)/, json(full));
  answer('GET', /[?&]page=2(?:&|$)/, json([named(NAME)]));
  t.equal((await pipelines.list(DEPLOYMENT, SINCE)).length, 1);
});

t.test('Given fifty pages or one more, when listed, then only the latter is too much', async (t) => {
  for (const pages of [50, 51]) {
    const { pipelines, answer, seen } = setUp(t);
    answer(
      'GET',
      new RegExp(`^${API}/pipelines\\?`),
      ({ url }) => {
        const page = Number(url.searchParams.get('page'));
        return json([named(null, { id: page })], { 'x-next-page': page < pages ? String(page + 1) : '' });
      },
      { times: 60 },
    );
    if (pages === 50) t.same(await pipelines.list(DEPLOYMENT, SINCE), []);
    else t.match(gitlabFailureOf(await failureOf(pipelines.list(DEPLOYMENT, SINCE)))?.message, /more than 50 pages/);
    t.equal(seen.length, 50);
  }
});

for (const [what, first] of [
  ['a page that leads back', json([], { 'x-next-page': '1' })],
  ['a page that leads nowhere', json([], { 'x-next-page': 'next' })],
  ['no list', json({ message: 'hello' })],
  ['a row that is none', json([named(NAME), 'row'])],
  ['a list without names', json([{ ...named(NAME), name: undefined }])],
  ['a broken second half', { ...BAD_GATEWAY_PAGE }],
] as const) {
  t.test(`Given ${what}, when listed, then the list proves nothing`, async (t) => {
    const { pipelines, answer } = setUp(t);
    answer('GET', new RegExp(`^${API}/pipelines\\?`), first, { times: 3 });
    t.ok(isDemoError(await failureOf(pipelines.list(DEPLOYMENT, SINCE)), 'PIPELINES_UNAVAILABLE'));
  });
}

t.test('Given a second page that fails, when listed, then the first one is not enough', async (t) => {
  const { pipelines, answer } = setUp(t);
  answer('GET', /[?&]page=1(?:&|$)/, json([named(NAME)], { 'x-next-page': '2' }));
  answer('GET', /[?&]page=2(?:&|$)/, { status: 500, body: { message: '500 Internal Server Error' } }, { times: 3 });
  t.ok(isDemoError(await failureOf(pipelines.list(DEPLOYMENT, SINCE)), 'PIPELINES_UNAVAILABLE'));
});

t.test('Given a cancel, when GitLab takes it or no longer knows the pipeline, then it is done', async (t) => {
  const { pipelines, answer, seen } = setUp(t);
  for (const shape of [
    { status: 200, body: named(NAME) },
    { status: 201, body: '' },
    { status: 404, body: { message: '404 Not found' } },
  ]) {
    answer('POST', `${API}/pipelines/7/cancel`, shape);
    t.equal(await pipelines.cancel(7), undefined);
  }
  answer('POST', `${API}/pipelines/7/cancel`, BAD_GATEWAY_PAGE);
  answer('POST', `${API}/pipelines/7/cancel`, { status: 200, body: {} });
  await pipelines.cancel(7);
  t.equal(seen.length, 5, 'and repeated when the answer was lost');
  for (const shape of [
    { status: 403, body: { message: '403 Forbidden' } },
    { status: 404, body: { message: '404 Project Not Found' } },
  ]) {
    answer('POST', `${API}/pipelines/7/cancel`, shape);
    t.ok(isDemoError(await failureOf(pipelines.cancel(7)), 'PIPELINES_UNAVAILABLE'));
  }
});

t.test('Given numbers that are no ids, then nothing is asked', async (t) => {
  const { pipelines, seen } = setUp(t);
  for (const id of [0, -1, 1.5, Number.NaN, 2 ** 53]) {
    t.equal((await failureOf(pipelines.read(id))).name, 'RangeError');
    t.equal((await failureOf(pipelines.cancel(id))).name, 'RangeError');
    t.equal((await failureOf(pipelines.liveUrl(id, DEPLOYMENT))).name, 'RangeError');
  }
  t.equal(seen.length, 0);
});
