import type { FaultName } from '../../../src/local/gitlab-simulator/fault-table.ts';
import { LOCAL_POLICY } from '../../../src/policies.ts';
import { type FaultCase, NOT_BUILT } from '../fault-case.ts';
import { endsGone } from '../gone.ts';
import { builds, goesLive, isPressed, livesAndEnds, ONE_OF_EACH, sawAWholeLife, UP } from '../way.ts';

const DOWN = [...UP, 'destroying visitor', 'idle'];

export const PIPELINE_CASES = {
  'auto-cancelled': [
    {
      when: 'it hits the apply',
      outcome: 'it is given up, nothing was built, and it is idle once nothing can start late',
      ...NOT_BUILT,
      play: async (t, scene) => {
        scene.fault('auto-cancelled', { action: 'apply' });
        await isPressed(t, scene);
        await endsGone(t, scene);
        t.same(scene.seen(), ['queued waiting_for_runner', 'destroying not_started', 'idle']);
        t.same(scene.pipelinesMade(), ['apply canceled']);
        t.match(await scene.ledger(), [{ reason: 'not_started', destroyAttempts: 0 }]);
      },
    },
    {
      when: 'it hits the destroy',
      outcome: 'the visitor sees it going down a little longer: another one is made',
      health: ['teardown'],
      play: async (t, scene) => {
        await goesLive(t, scene);
        scene.fault('auto-cancelled', { action: 'destroy', times: 1 });
        await livesAndEnds(t, scene);
        t.same(scene.seen(), DOWN);
        t.same(scene.pipelinesMade(), ['apply success', 'destroy canceled', 'destroy success']);
        t.match(await scene.ledger(), [{ destroyAttempts: 1 }], 'one that never started does not count');
      },
    },
  ],
  'pipeline-reopened': [
    {
      when: 'it is the apply pipeline of a live demo',
      outcome: 'nobody notices: what was decided stands',
      health: [],
      play: async (t, scene) => {
        scene.fault('pipeline-reopened', { times: 1, after_seconds: 60 });
        await goesLive(t, scene);
        await scene.untilThat((record) => record?.observation.applyPipeline?.terminal === true);
        await scene.untilThat((record) => record?.observation.applyPipeline?.terminal === false);
        t.equal(scene.seen().at(-1), 'live healthy +link');
        await livesAndEnds(t, scene);
        sawAWholeLife(t, scene);
      },
    },
    {
      when: 'it is the destroy, while the proof is being made',
      outcome: 'the visitor sees it going down longer: an empty reading beside a running destroy proves nothing',
      health: [],
      play: async (t, scene) => {
        await goesLive(t, scene);
        scene.fault('pipeline-reopened', { action: 'destroy', job: 'destroy', times: 1, after_seconds: 290 });
        await livesAndEnds(t, scene);
        t.same(scene.seen(), DOWN);
        t.same(scene.pipelinesMade(), ONE_OF_EACH);
        const [receipt] = await scene.ledger();
        const [, destroy] = scene.state().pipelines;
        const rerunAt = Math.max(...(destroy?.jobs ?? []).map(({ started_at: at }) => at ?? 0));
        t.ok(receipt?.gone.kind === 'two-empty-readings' && receipt.gone.firstAt > rerunAt);
      },
    },
  ],
  'apply-retried': [
    {
      when: 'somebody does it in time, after everything was destroyed',
      outcome:
        'the visitor sees it going down: nothing is proven before no apply can start, and what was built again is destroyed',
      health: ['teardown'],
      play: async (t, scene) => {
        scene.fault('apply-retried', { times: 1, after_seconds: 150 });
        await builds(t, scene);
        await scene.tearDown();
        await endsGone(t, scene);
        t.same(scene.seen(), [...UP.slice(0, 2), 'destroying visitor', 'idle']);
        t.same(scene.pipelinesMade(), ['apply canceled', 'destroy success', 'destroy success']);
        t.match(await scene.ledger(), [{ destroyAttempts: 2 }]);
      },
    },
    {
      when: 'somebody does it in the last moment in which it may start',
      outcome: 'the visitor sees it going down: it is cancelled while it builds, and destroyed',
      health: ['teardown'],
      play: async (t, scene) => {
        scene.fault('apply-retried', { times: 1, after_seconds: 576 });
        await builds(t, scene);
        await scene.tearDown();
        await endsGone(t, scene);
        t.same(scene.seen(), [...UP.slice(0, 2), 'destroying visitor', 'idle']);
        t.same(scene.pipelinesMade(), ['apply canceled', 'destroy success', 'destroy success']);
        t.ok(scene.count('pipeline.stranger_cancelled') > 0);
      },
    },
    {
      when: 'somebody does it when it may not start any more',
      outcome: 'nobody notices: its job builds nothing, and the proof waits for its end',
      health: [],
      play: async (t, scene) => {
        scene.fault('apply-retried', { times: 1, after_seconds: 650 });
        await builds(t, scene);
        await scene.tearDown();
        await endsGone(t, scene);
        t.same(scene.seen(), [...UP.slice(0, 2), 'destroying visitor', 'idle']);
        t.same(scene.pipelinesMade(), ['apply failed', 'destroy success']);
      },
    },
    {
      when: 'somebody does it while the demo lives',
      outcome: 'nobody notices: everything is there already',
      health: [],
      play: async (t, scene) => {
        scene.fault('apply-retried', { times: 1, after_seconds: 30 });
        await goesLive(t, scene);
        await scene.pass(120_000);
        t.equal(scene.seen().at(-1), 'live healthy +link');
        await livesAndEnds(t, scene);
        sawAWholeLife(t, scene);
      },
    },
  ],
  'auto-stop': [
    {
      when: 'the demo is live',
      outcome: 'the visitor sees it going down because of it, and it is proven gone',
      health: [],
      play: async (t, scene) => {
        scene.fault('auto-stop', { times: 1, after_seconds: 120 });
        await goesLive(t, scene);
        await endsGone(t, scene);
        t.same(scene.seen(), [...UP, 'destroying auto_stop', 'idle']);
        t.match(await scene.ledger(), [{ reason: 'auto_stop', outcome: 'lived' }]);
        t.same(scene.pipelinesMade(), ONE_OF_EACH);
      },
    },
  ],
  'late-start': [
    {
      when: 'it was queued for too long',
      outcome: 'it is given up as failed, although nothing was built, and destroyed to be sure',
      ...NOT_BUILT,
      play: async (t, scene) => {
        scene.fault('late-start', { times: 1 });
        await isPressed(t, scene);
        await endsGone(t, scene);
        t.same(scene.seen(), ['queued waiting_for_runner', 'deploying building', 'destroying deploy_failed', 'idle']);
        t.same(scene.pipelinesMade(), ['apply failed', 'destroy success']);
        t.same(
          scene.state().pipelines.map(({ jobs }) => jobs.map(({ made }) => made)),
          [
            [0, 0, 0, 0],
            [0, 0],
          ],
        );
      },
    },
    {
      when: 'the server did not look at it for half an hour',
      outcome: 'it is given up all the same, and nothing was built',
      ...NOT_BUILT,
      play: async (t, scene) => {
        scene.fault('late-start', { times: 1, late_seconds: 600 });
        await isPressed(t, scene);
        await scene.pass(30_000);
        scene.clock.advance(1_800_000);
        await endsGone(t, scene);
        t.same(scene.seen(), ['queued waiting_for_runner', 'deploying building', 'destroying deploy_failed', 'idle']);
        t.match(await scene.ledger(), [{ liveAt: null }]);
      },
    },
  ],
  'resource-group-stuck': [
    {
      when: 'it hits the apply',
      outcome: 'it is given up when no apply can start any more, and nothing was built',
      ...NOT_BUILT,
      policy: LOCAL_POLICY,
      play: async (t, scene) => {
        scene.fault('resource-group-stuck', { action: 'apply' });
        await isPressed(t, scene);
        await endsGone(t, scene);
        t.same(scene.seen(), ['queued waiting_for_runner', 'deploying building', 'destroying not_started', 'idle']);
        t.same(scene.pipelinesMade(), ['apply canceled']);
      },
    },
    {
      when: 'it hits the destroy',
      outcome: 'the visitor sees it going down longer: it is cancelled, and another one is made',
      health: ['teardown'],
      policy: LOCAL_POLICY,
      play: async (t, scene) => {
        await goesLive(t, scene);
        scene.fault('resource-group-stuck', { action: 'destroy', times: 1 });
        await livesAndEnds(t, scene);
        t.same(scene.seen(), DOWN);
        t.same(scene.pipelinesMade(), ['apply success', 'destroy canceled', 'destroy success']);
      },
    },
  ],
} as const satisfies Partial<Record<FaultName, readonly FaultCase[]>>;
