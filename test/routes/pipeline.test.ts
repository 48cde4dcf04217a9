import t from 'tap';
import type { JobState, ObservedJob, ObservedPipeline } from '../../src/lifecycle/observation.ts';
import type { PipelineView } from '../../src/lifecycle/requests.ts';
import { pipelineJson } from '../../src/routes/pipeline-json.ts';
import { buildTestApp } from '../fakes/http-app.ts';
import { checkProblem } from '../fakes/http-problem.ts';
import { SAMPLE_START, samplePipeline, sampleRecord } from '../fakes/sample-records.ts';

const ID = '01930000-0000-7000-8000-000000000001';

const viewOf = (pipeline: ObservedPipeline): PipelineView => ({
  pipeline,
  direction: 'apply',
  progress: 0.25,
  observedAt: SAMPLE_START + 5_000,
  stale: false,
});

const job = (
  id: number,
  stage: string,
  state: JobState,
  startedAt: number | null,
  finishedAt: number | null,
): ObservedJob => ({
  id,
  name: `job-${id}`,
  stage,
  state,
  startedAt: startedAt === null ? null : SAMPLE_START + startedAt,
  finishedAt: finishedAt === null ? null : SAMPLE_START + finishedAt,
  failureReason: null,
});

t.test(
  'Given a pipeline, When it is read, Then status, flags, stages and times, and nothing of GitLab’s own',
  async (t) => {
    const { app, demo } = await buildTestApp(t);
    demo.active = sampleRecord(ID);
    demo.pipeline = viewOf(samplePipeline(7));
    const response = await app.inject({ url: `/v1/deployments/${ID}/pipeline` });
    t.equal(response.statusCode, 200);
    t.equal(response.headers['cache-control'], 'no-cache');
    t.same(response.json(), {
      status: 'running',
      direction: 'apply',
      is_created: false,
      is_running: true,
      is_success: false,
      is_failed: false,
      is_canceled: false,
      is_blocked: false,
      is_finished: false,
      created_at: '2026-11-24T03:00:00.000Z',
      started_at: '2026-11-24T03:00:01.000Z',
      finished_at: null,
      stages: [
        {
          name: 'deploy',
          state: 'running',
          started_at: '2026-11-24T03:00:02.000Z',
          finished_at: null,
          jobs: [
            {
              id: 70,
              name: 'apply',
              state: 'running',
              started_at: '2026-11-24T03:00:02.000Z',
              finished_at: null,
              failure_reason: null,
            },
          ],
        },
      ],
      progress: 0.25,
      observed_at: '2026-11-24T03:00:05.000Z',
      stale: false,
      web_url: null,
    });
  },
);

t.test('Given the owner allows it, When it is read, Then the link is there; stale is said', async (t) => {
  const { app, demo } = await buildTestApp(t, { app: { showPipelineLink: true } });
  demo.active = sampleRecord(ID);
  demo.pipeline = { ...viewOf(samplePipeline(7)), stale: true };
  const body = (await app.inject({ url: '/v1/deployments/current/pipeline' })).json();
  t.match(body, { web_url: 'https://gitlab.example/demo/-/pipelines/7', stale: true });
});

t.test('Given no deployment or no pipeline yet, When it is read, Then 404 says which', async (t) => {
  const { app, demo } = await buildTestApp(t);
  checkProblem(t, await app.inject({ url: `/v1/deployments/${ID}/pipeline` }), 404, 'NOT_FOUND');
  demo.active = sampleRecord(ID);
  checkProblem(t, await app.inject({ url: `/v1/deployments/${ID}/pipeline` }), 404, 'NO_PIPELINE');
  checkProblem(t, await app.inject({ url: '/v1/deployments/x/pipeline' }), 404, 'NOT_FOUND');
});

t.test('Given each status of GitLab’s, When it is flagged, Then exactly one of the four phases is true', async (t) => {
  const cases: [string, boolean, string[]][] = [
    ['created', false, ['is_created']],
    ['waiting_for_resource', false, ['is_created']],
    ['pending', false, ['is_created']],
    ['running', false, ['is_running']],
    ['canceling', false, ['is_running']],
    ['a word of tomorrow', false, ['is_running']],
    ['manual', false, ['is_blocked']],
    ['success', true, ['is_success', 'is_finished']],
    ['failed', true, ['is_failed', 'is_finished']],
    ['canceled', true, ['is_canceled', 'is_finished']],
    ['skipped', true, ['is_finished']],
  ];
  for (const [status, terminal, expected] of cases) {
    const json = pipelineJson(viewOf({ ...samplePipeline(7), status, terminal }), false);
    const flags = Object.entries(json).flatMap(([name, value]) =>
      name.startsWith('is_') && value === true ? [name] : [],
    );
    t.same(flags, expected, status);
  }
});

t.test(
  'Given jobs of one stage, When it is summed up, Then its state and times are those of all of them',
  async (t) => {
    const stageOf = (...states: JobState[]) => {
      const jobs = states.map((state, index) => job(index + 1, 'build', state, index * 1_000, index * 1_000 + 500));
      return pipelineJson(viewOf({ ...samplePipeline(7), jobs }), false).stages[0];
    };
    const cases: [JobState[], JobState][] = [
      [['succeeded', 'succeeded'], 'succeeded'],
      [['succeeded', 'skipped'], 'succeeded'],
      [['succeeded', 'waiting'], 'running'],
      [['failed', 'succeeded', 'waiting'], 'failed'],
      [['running', 'waiting'], 'running'],
      [['failed', 'running'], 'failed'],
      [['canceled', 'succeeded'], 'canceled'],
      [['manual', 'succeeded'], 'succeeded'],
      [['waiting', 'waiting'], 'waiting'],
      [['skipped'], 'skipped'],
    ];
    for (const [states, expected] of cases) t.equal(stageOf(...states)?.state, expected, states.join());
    t.match(stageOf('succeeded', 'succeeded'), {
      started_at: '2026-11-24T03:00:00.000Z',
      finished_at: '2026-11-24T03:00:01.500Z',
    });
    const open = [
      job(1, 'build', 'succeeded', 0, 500),
      job(2, 'build', 'running', 600, null),
      job(3, 'test', 'waiting', null, null),
    ];
    const stages = pipelineJson(viewOf({ ...samplePipeline(7), jobs: open }), false).stages;
    t.match(stages, [
      { name: 'build', finished_at: null },
      { name: 'test', started_at: null, finished_at: null },
    ]);
  },
);
