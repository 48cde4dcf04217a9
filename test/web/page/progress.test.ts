import t from 'tap';
import { forecastFrom, progressOf } from '../../../src/lifecycle/eta.ts';
import type { ObservedPipeline } from '../../../src/lifecycle/observation.ts';
import { browserModule } from './browser-module.ts';
import { CREATED_AT, type Stage, stage } from './sample-view.ts';

const { progressAt } = await browserModule<{ progressAt(stages: readonly Stage[], now: number): number }>(
  'progress.js',
);

const started = { started_at: new Date(CREATED_AT).toISOString() };
const stages = (share: Partial<Stage>): readonly Stage[] => [
  stage({ name: 'plan', state: 'succeeded', expected_seconds: 10, ...started }),
  stage({ name: 'apply', state: 'running', expected_seconds: 80, ...started, ...share }),
  stage({ name: 'verify', expected_seconds: 10 }),
  stage({ name: 'destroy', direction: 'destroy', state: 'succeeded' }),
];

t.test('given stages with usual times, when time goes by, then each weighs what it usually takes', async (t) => {
  t.equal(progressAt(stages({}), CREATED_AT), 0.1);
  t.equal(progressAt(stages({}), CREATED_AT + 40_000), 0.5);
});

t.test('given a stage past its usual time, when it still runs, then it is nearly done and never done', async (t) => {
  t.equal(progressAt(stages({}), CREATED_AT + 900_000), (10 + 80 * 0.95) / 100);
});

t.test('given a clock behind the stage’s start, when it is shown, then nothing is negative', async (t) => {
  t.equal(progressAt(stages({}), CREATED_AT - 5_000), 0.1);
});

t.test('given stages without usual times, when they are shown, then they weigh the same', async (t) => {
  t.equal(progressAt([stage({ state: 'succeeded' }), stage({ state: 'running', ...started })], CREATED_AT), 0.5);
  t.equal(progressAt([], CREATED_AT), 0);
});

t.test('given the same stages, when server and page work it out, then they agree', async (t) => {
  const job = (name: string, state: 'succeeded' | 'running' | 'waiting', seconds: number) => ({
    id: 1,
    name,
    stage: name,
    state,
    startedAt: state === 'waiting' ? null : CREATED_AT,
    finishedAt: state === 'succeeded' ? CREATED_AT + seconds * 1_000 : null,
    failureReason: null,
  });
  const jobs = [job('plan', 'succeeded', 10), job('apply', 'running', 80), job('verify', 'waiting', 10)];
  const pipeline: ObservedPipeline = {
    id: 1,
    name: 'demo',
    status: 'running',
    terminal: false,
    sha: '0'.repeat(40),
    webUrl: '',
    createdAt: CREATED_AT,
    startedAt: CREATED_AT,
    finishedAt: null,
    jobs,
  };
  const forecast = { ...forecastFrom([]), stageSeconds: new Map(Object.entries({ plan: 10, apply: 80, verify: 10 })) };
  for (const elapsedMs of [0, 20_000, 79_000, 200_000]) {
    const now = CREATED_AT + elapsedMs;
    t.equal(progressAt(stages({}), now), progressOf(pipeline, forecast, now), `after ${elapsedMs} ms`);
  }
});
