import type { LightMyRequestResponse } from 'fastify';
import t from 'tap';
import type { Requests } from '../../src/lifecycle/requests.ts';
import { createButton } from '../../src/routes/button.ts';
import { createPages } from '../../src/routes/pages.ts';
import { buildTestApp } from '../fakes/http-app.ts';
import { SAMPLE_POLICY, SAMPLE_START, samplePipeline, sampleRecord, sampleTombstone } from '../fakes/sample-records.ts';

const ID = '01930000-0000-7000-8000-000000000001';
const GONE = '01930000-0000-7000-8000-000000000002';
const OWNER = { authorization: 'Bearer owner', 'content-type': 'application/json', 'idempotency-key': 'a-key' };

/** Differ from one answer to the next whatever is asked. */
const CHANGING = ['date', 'x-request-id', 'ratelimit-remaining', 'connection'];

const lasting = ({ headers }: LightMyRequestResponse): Record<string, unknown> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !CHANGING.includes(name)));

/** The whole server with something in every place, and every route that a GET may reach, with its parameters filled. */
const setUp = async (test: Parameters<typeof buildTestApp>[0]) => {
  const facts = { simulated: true, hourlyCostUsd: 0.2, policy: SAMPLE_POLICY };
  const patterns = new Set<string>();
  const built = await buildTestApp(test, {
    app: { localMode: true },
    pages: async (scope) => {
      scope.addHook('onRoute', ({ url, method }) => void ([method].flat().includes('GET') && patterns.add(url)));
      await scope.register(createPages(facts));
      await scope.register(createButton(facts));
    },
  });
  const { app, demo, clock, health } = built;
  await health.refresh();
  await app.ready();
  const live = { liveAt: clock.now(), expiresAt: clock.now() + 60_000, maxExpiresAt: clock.now() + 3_600_000 };
  demo.active = sampleRecord(ID, live);
  demo.tombstones.set(GONE, sampleTombstone(GONE));
  demo.pipeline = {
    pipeline: samplePipeline(7),
    direction: 'apply',
    progress: 0.5,
    observedAt: SAMPLE_START,
    stale: false,
  };
  demo.logs = { jobId: 70, jobName: 'apply', lines: ['é'], nextLine: 1, complete: false };
  const { paths } = app.swagger() as { paths: Record<string, object> };
  const inContract = Object.keys(paths).map((path) => path.replaceAll(/\{(\w+)\}/g, ':$1'));
  const hidden = [
    '/openapi.json',
    '/badge.svg',
    '/problems/:slug',
    '/docs',
    '/docs/json',
    '/docs/static/swagger-ui.css',
  ];
  const urls = [...inContract, ...hidden, ...patterns].flatMap((pattern) =>
    ['current', ID, GONE, 'not-found'].map((id) => pattern.replace(':id', id).replace(':slug', id)),
  );
  return { ...built, urls: [...new Set(urls)] };
};

t.test('Given every address, When HEAD is asked instead of GET, Then the same without a body', async (t) => {
  const { app, urls } = await setUp(t);
  t.ok(urls.length > 30, 'they were found');
  for (const url of urls) {
    const request = { url, headers: { authorization: 'Bearer owner' } };
    const get = await app.inject(request);
    const head = await app.inject({ ...request, method: 'HEAD' });
    t.equal(head.statusCode, get.statusCode, url);
    t.equal(head.body, '', url);
    // The figures count the requests in between, so their length may differ.
    if (url !== '/metrics') t.same(lasting(head), lasting(get), url);
    t.ok(get.statusCode < 500, url);
  }
});

t.test('Given every address, When it is read in any way, Then nothing is started, ended or changed', async (t) => {
  const { app, urls, demo } = await setUp(t);
  const before = JSON.stringify(demo.active);
  const asked: string[] = [];
  const requests = demo.requests as { -readonly [Name in keyof Requests]: Requests[Name] };
  for (const name of ['start', 'teardown', 'extend'] as const) {
    requests[name] = async () => {
      asked.push(name);
      throw new Error('a read must not come here');
    };
  }
  const override = { ...OWNER, 'x-http-method-override': 'POST', 'x-method-override': 'DELETE', purpose: 'prefetch' };
  for (const url of urls) {
    for (const method of ['GET', 'HEAD', 'OPTIONS'] as const) {
      await app.inject({ method, url, headers: override });
      await app.inject({ method, url: `${url}?_method=POST&duration_minutes=30`, headers: OWNER });
    }
    await app.inject({ method: 'GET', url, headers: OWNER, payload: '{}' });
  }
  t.same(asked, []);
  t.same(demo.starts, []);
  t.equal(JSON.stringify(demo.active), before);
  await app.inject({ method: 'POST', url: '/v1/deployments', payload: {} });
  t.same(asked, ['start'], 'and a POST would have been seen');
});
