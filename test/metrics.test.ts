import { globSync, readFileSync } from 'node:fs';
import t from 'tap';
import type { HealthReport } from '../src/health.ts';
import type { Status } from '../src/lifecycle/status.ts';
import { countEvents, createMetrics } from '../src/metrics.ts';

const REPORT: HealthReport = {
  isDegraded: true,
  isLost: false,
  uptimeSeconds: 5,
  checks: [
    { name: 'store', critical: true, state: 'ok', latencyMs: 12, lastSuccessAt: 1_000, detail: 'a private text' },
    { name: 'gitlab', critical: false, state: 'failing', latencyMs: 2_500, lastSuccessAt: null, detail: 'group 42' },
    { name: 'second_destroyer', critical: false, state: 'unknown', latencyMs: null, lastSuccessAt: null, detail: null },
  ],
  jobs: [
    {
      name: 'hourly',
      lastRunAt: 1_795_000_000_500,
      lastSlot: null,
      lastResult: 'ok',
      nextRunAt: 2_000,
      lastCompletedSlot: 1_000,
      isSilent: false,
    },
    {
      name: 'nightly',
      lastRunAt: 1_795_000_001_000,
      lastSlot: null,
      lastResult: 'failed',
      nextRunAt: null,
      lastCompletedSlot: null,
      isSilent: true,
    },
    {
      name: 'never',
      lastRunAt: null,
      lastSlot: null,
      lastResult: null,
      nextRunAt: null,
      lastCompletedSlot: null,
      isSilent: false,
    },
  ],
  deadLetters: [{ id: 'job:hourly', kind: 'job', attempts: 2, lastError: 'a private text', firstAt: 0, lastAt: 1_000 }],
  overdueDeployments: 3,
};

const createScene = (given: { report?: Partial<HealthReport>; status?: Status | null; waiting?: number } = {}) => {
  const now = { report: { ...REPORT, ...given.report }, status: given.status ?? null, waiting: given.waiting ?? 0 };
  const metrics = createMetrics({
    version: '1.2.3',
    sources: {
      report: () => now.report,
      status: () => now.status,
      statusSince: () => (now.status === null ? null : 1_795_000_002_500),
      waitingReads: () => now.waiting,
    },
    withProcess: false,
  });
  /** The lines of one figure, without its comments. */
  const figure = async (name: string): Promise<string[]> =>
    (await metrics.text()).split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return { now, metrics, figure };
};

t.test('Given what is known, When the figures are asked for, Then each is there in its unit', async (t) => {
  const { figure } = createScene({ status: 'live', waiting: 7 });
  t.same(await figure('demo_status'), [
    'demo_status{status="idle"} 0',
    'demo_status{status="queued"} 0',
    'demo_status{status="deploying"} 0',
    'demo_status{status="live"} 1',
    'demo_status{status="destroying"} 0',
    'demo_status{status="quarantined"} 0',
  ]);
  t.same(await figure('demo_status_since_timestamp_seconds'), ['demo_status_since_timestamp_seconds 1795000002.5']);
  t.same(await figure('demo_http_waiting_reads'), ['demo_http_waiting_reads 7']);
  t.same(await figure('demo_dependency_up'), [
    'demo_dependency_up{name="store"} 1',
    'demo_dependency_up{name="gitlab"} 0',
  ]);
  t.same(await figure('demo_dependency_latency_seconds'), [
    'demo_dependency_latency_seconds{name="store"} 0.012',
    'demo_dependency_latency_seconds{name="gitlab"} 2.5',
  ]);
  t.same(await figure('demo_dead_letters'), ['demo_dead_letters 1']);
  t.same(await figure('demo_overdue_deployments'), ['demo_overdue_deployments 3']);
  t.same(await figure('demo_job_last_run_timestamp_seconds'), [
    'demo_job_last_run_timestamp_seconds{job="hourly"} 1795000000.5',
    'demo_job_last_run_timestamp_seconds{job="nightly"} 1795000001',
  ]);
  t.same(await figure('demo_job_last_run_success'), [
    'demo_job_last_run_success{job="hourly"} 1',
    'demo_job_last_run_success{job="nightly"} 0',
  ]);
  t.same(await figure('demo_job_last_completed_slot_timestamp_seconds'), [
    'demo_job_last_completed_slot_timestamp_seconds{job="hourly"} 1',
  ]);
  t.same(await figure('demo_job_silent'), [
    'demo_job_silent{job="hourly"} 0',
    'demo_job_silent{job="nightly"} 1',
    'demo_job_silent{job="never"} 0',
  ]);
  t.same(await figure('demo_build_info'), ['demo_build_info{version="1.2.3"} 1']);
});

t.test('Given nothing is known yet, When the figures are asked for, Then none is made up', async (t) => {
  const { figure, now } = createScene({
    report: { checks: [], jobs: [], deadLetters: null, overdueDeployments: null },
  });
  for (const name of [
    'demo_status',
    'demo_status_since_timestamp_seconds',
    'demo_dependency_up',
    'demo_dead_letters',
    'demo_overdue_deployments',
  ]) {
    t.same(await figure(name), [], name);
  }
  now.report = { ...now.report, deadLetters: [], overdueDeployments: 0 };
  now.status = 'idle';
  t.same(await figure('demo_dead_letters'), ['demo_dead_letters 0']);
  t.same(await figure('demo_overdue_deployments'), ['demo_overdue_deployments 0']);
  now.report = { ...now.report, deadLetters: null };
  now.status = null;
  t.same(await figure('demo_dead_letters'), [], 'what is no longer known is gone again');
  t.same(await figure('demo_status'), []);
});

t.test('Given calls and steps, When they are counted, Then by what was asked and how it ended', async (t) => {
  const { metrics, figure } = createScene();
  metrics.countStoreCall('GetItem', 'ok');
  metrics.countStoreCall('GetItem', 'ok');
  metrics.countStoreCall('PutItem', 'refused');
  metrics.countGitlabCall('GET pipelines/:id', 'failed');
  metrics.countLogBytes(500);
  metrics.countLogBytes(0);
  const log = countEvents({ event: () => undefined }, metrics);
  log.event('info', 'deployment.step', { step: 'arm' });
  log.event('info', 'deployment.gone', { step: 'none of the ladder' });
  t.same(await figure('demo_store_calls_total'), [
    'demo_store_calls_total{operation="GetItem",outcome="ok"} 2',
    'demo_store_calls_total{operation="PutItem",outcome="refused"} 1',
  ]);
  t.same(await figure('demo_gitlab_calls_total'), [
    'demo_gitlab_calls_total{operation="GET pipelines/:id",outcome="failed"} 1',
  ]);
  t.same(await figure('demo_log_bytes_masked_total'), ['demo_log_bytes_masked_total 500']);
  t.same(await figure('demo_steps_total'), ['demo_steps_total{step="arm"} 1']);
});

t.test('Given answered requests, When they are counted, Then by route, method and status', async (t) => {
  const { metrics, figure } = createScene();
  const request = { method: 'GET', route: '/v1/deployments/:id', status: 200, durationSeconds: 0.02 };
  metrics.countRequest(request);
  metrics.countRequest(request);
  metrics.countRequest({ ...request, status: 304, durationSeconds: null });
  for (const method of ['PROPFIND', 'MKCOL', 'TRACE']) {
    metrics.countRequest({ method, route: 'unmatched', status: 404, durationSeconds: 0.001 });
  }
  t.same(await figure('demo_http_requests_total'), [
    'demo_http_requests_total{method="GET",route="/v1/deployments/:id",status="200"} 2',
    'demo_http_requests_total{method="GET",route="/v1/deployments/:id",status="304"} 1',
    'demo_http_requests_total{method="other",route="unmatched",status="404"} 3',
  ]);
  t.same(await figure('demo_http_request_duration_seconds_count'), [
    'demo_http_request_duration_seconds_count{method="GET",route="/v1/deployments/:id"} 2',
    'demo_http_request_duration_seconds_count{method="other",route="unmatched"} 3',
  ]);
  const buckets = await figure('demo_http_request_duration_seconds_bucket');
  t.ok(
    buckets.includes('demo_http_request_duration_seconds_bucket{le="0.01",method="GET",route="/v1/deployments/:id"} 0'),
  );
  t.ok(
    buckets.includes(
      'demo_http_request_duration_seconds_bucket{le="0.025",method="GET",route="/v1/deployments/:id"} 2',
    ),
  );
});

t.test('Given an event log, When events are written, Then each is counted and passed on as it was', async (t) => {
  const { metrics, figure } = createScene();
  const written: unknown[] = [];
  const log = countEvents({ event: (...event) => void written.push(event) }, metrics);
  const fields = { deploymentId: 'an-id', error: new Error('a private text') };
  log.event('info', 'deployment.started', fields);
  log.event('info', 'deployment.started', {});
  log.event('error', 'deployment.step_failed', fields);
  t.equal((written[0] as unknown[])[2], fields);
  t.equal(written.length, 3);
  t.same(await figure('demo_events_total'), [
    'demo_events_total{name="deployment.started",level="info"} 2',
    'demo_events_total{name="deployment.step_failed",level="error"} 1',
  ]);
});

t.test('Given everything is counted, When the text is read, Then it tells nobody who or how it is built', async (t) => {
  const { metrics } = createScene({ status: 'live' });
  metrics.countRequest({ method: 'GET', route: '/livez', status: 200, durationSeconds: 0.001 });
  const text = await metrics.text();
  t.notMatch(text, /a private text|group 42|job:hourly/);
  t.equal(metrics.contentType, 'text/plain; version=0.0.4; charset=utf-8');
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  for (const line of samples) t.match(line, /^[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? \S+$/, line);
  for (const name of new Set(samples.map((line) => line.split(/[{ ]/, 1)[0]))) {
    t.match(name, /^demo_/, 'no figure of the process, which would watch on after the test');
  }
});

t.test('Given two servers in one process, When each counts, Then neither counts for the other', async (t) => {
  const [one, other] = [createScene(), createScene()];
  one.metrics.countEvent('info', 'x');
  t.same(await other.figure('demo_events_total'), []);
});

t.test(
  'Given every event in the code, When its name is read, Then it is written out, so that there are only so many',
  async (t) => {
    const root = new URL('..', import.meta.url);
    const calls = globSync('src/**/*.ts', { cwd: root })
      .filter((path) => !path.endsWith('metrics.ts'))
      .flatMap((path) => {
        const text = readFileSync(new URL(path, root), 'utf8');
        // The level, or a choice of levels, and then the name, or a choice of names.
        return [...text.matchAll(/\blog\.event\(\s*([^,]+),\s*([^,]+),/g)].map((match) => ({
          path,
          name: match[2] ?? '',
        }));
      });
    t.ok(calls.length > 20, 'they were found');
    const words = /'[a-z_.]+'/.source;
    const literal = new RegExp(`^(?:${words}|[\\w.]+ \\? ${words} : ${words})$`);
    t.same(
      calls.filter(({ name }) => !literal.test(name.trim())),
      [],
    );
  },
);
