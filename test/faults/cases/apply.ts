import type { FaultParameters } from '../../../src/local/gitlab-simulator/fault-store.ts';
import type { FaultName } from '../../../src/local/gitlab-simulator/fault-table.ts';
import { LOCAL_POLICY } from '../../../src/policies.ts';
import { type FaultCase, NOT_BUILT } from '../fault-case.ts';
import { endsGone } from '../gone.ts';
import { builds, goesLive, isPressed, livesAndEnds, UP } from '../way.ts';

const RISING = UP.slice(0, 2);

/** The apply fails in some way, and what it left is destroyed. */
const failed = (
  when: string,
  fault: FaultName,
  parameters: FaultParameters,
  made: readonly string[] = ['apply failed', 'destroy success'],
  health: readonly string[] = NOT_BUILT.health,
): FaultCase => ({
  when,
  outcome: 'it is given up as failed, and destroyed until nothing is left',
  ...NOT_BUILT,
  health,
  play: async (t, scene) => {
    scene.fault(fault, { times: 1, ...parameters });
    await isPressed(t, scene);
    await endsGone(t, scene);
    t.same(scene.seen(), [...RISING, 'destroying deploy_failed', 'idle']);
    t.same(scene.pipelinesMade(), made);
    t.match(await scene.ledger(), [{ reason: 'deploy_failed', outcome: 'failed', liveAt: null }]);
  },
});

export const APPLY_CASES = {
  'apply-fails': [
    failed('it fails while the nodes are made', 'apply-fails', {}),
    failed('it fails before anything was made', 'apply-fails', { after_resources: 0 }),
  ],
  'verify-fails': [
    {
      when: 'the demo answers all the same',
      outcome: 'nobody notices: our own probe decides',
      health: [],
      play: async (t, scene) => {
        scene.fault('verify-fails');
        await goesLive(t, scene);
        await livesAndEnds(t, scene);
        t.same(scene.seen(), [...UP, 'destroying visitor', 'idle']);
        t.same(scene.pipelinesMade(), ['apply failed', 'destroy success']);
      },
    },
  ],
  'created-not-in-state': [
    failed(
      'it happens while the cluster is made',
      'created-not-in-state',
      {},
      ['apply failed', 'destroy success'],
      ['latest_start'],
    ),
    failed('it happens at the very beginning', 'created-not-in-state', { after_seconds: 3 }),
  ],
  'runner-lost': [
    failed('it runs the apply', 'runner-lost', { job: 'apply', after_seconds: 40 }),
    failed('it stopped answering', 'runner-lost', { job: 'apply', failure_reason: 'no_updates_running' }),
    {
      when: 'it runs the destroy',
      outcome: 'the visitor sees it going down a little longer: another one is made',
      health: ['teardown'],
      play: async (t, scene) => {
        await goesLive(t, scene);
        scene.fault('runner-lost', { job: 'destroy', times: 1 });
        await livesAndEnds(t, scene);
        t.same(scene.seen(), [...UP, 'destroying visitor', 'idle']);
        t.same(scene.pipelinesMade(), ['apply success', 'destroy failed', 'destroy success']);
        t.match(await scene.ledger(), [{ destroyAttempts: 2 }]);
      },
    },
  ],
  'job-hangs': [
    failed('the apply does, until its own timeout', 'job-hangs', { job: 'apply', after_seconds: 30 }),
    {
      when: 'the apply does for longer than a demo may take',
      outcome: 'it is given up at the deploy deadline, cancelled and destroyed',
      ...NOT_BUILT,
      policy: LOCAL_POLICY,
      play: async (t, scene) => {
        const pressedAt = scene.clock.now();
        scene.fault('job-hangs', { job: 'apply', after_seconds: 30, for_seconds: 10_000 });
        await isPressed(t, scene);
        await endsGone(t, scene);
        t.same(scene.seen(), [...RISING, 'destroying deploy_timeout', 'idle']);
        t.same(scene.pipelinesMade(), ['apply canceled', 'destroy success']);
        t.equal((await scene.ledger())[0]?.downAt, pressedAt + LOCAL_POLICY.deployDeadlineMs);
      },
    },
    {
      when: 'the destroy does for longer than it may take',
      outcome: 'the visitor sees it going down longer: it is cancelled, and another one is made',
      health: ['teardown'],
      policy: LOCAL_POLICY,
      play: async (t, scene) => {
        await goesLive(t, scene);
        scene.fault('job-hangs', { job: 'destroy', after_seconds: 3, for_seconds: 10_000, times: 1 });
        await livesAndEnds(t, scene);
        t.same(scene.seen(), [...UP, 'destroying visitor', 'idle']);
        t.same(scene.pipelinesMade(), ['apply success', 'destroy canceled', 'destroy success']);
      },
    },
  ],
  'quota-exceeded': [
    {
      when: 'it hits the first job',
      outcome: 'it is given up, nothing was built, and it is idle once nothing can start late',
      ...NOT_BUILT,
      play: async (t, scene) => {
        scene.fault('quota-exceeded', { action: 'apply' });
        await isPressed(t, scene);
        await endsGone(t, scene);
        t.same(scene.seen(), ['queued waiting_for_runner', 'destroying not_started', 'idle']);
        t.same(scene.pipelinesMade(), ['apply failed']);
      },
    },
    {
      when: 'no minutes are left for the destroy',
      outcome: 'the visitor sees it going down, and the second destroyer does it',
      health: ['teardown'],
      policy: LOCAL_POLICY,
      play: async (t, scene) => {
        await goesLive(t, scene);
        scene.fault('quota-exceeded');
        await scene.tearDown();
        await endsGone(t, scene);
        t.same(scene.seen(), [...UP, 'destroying visitor', 'idle']);
        t.match(scene.state().builds, [{ status: 'succeeded' }]);
      },
    },
  ],
  'cancel-hangs': [
    {
      when: 'the apply takes five minutes to stop',
      outcome: 'the visitor sees it going down, and the destroy follows its end',
      health: [],
      play: async (t, scene) => {
        scene.fault('cancel-hangs', { for_seconds: 300 });
        await builds(t, scene);
        await scene.tearDown();
        await endsGone(t, scene);
        t.same(scene.seen(), [...RISING, 'destroying visitor', 'idle']);
        t.same(scene.pipelinesMade(), ['apply canceled', 'destroy success']);
      },
    },
    {
      when: 'the apply does not stop before its own timeout',
      outcome: 'the visitor sees it going down: it is destroyed as soon as whoever holds the resource group is gone',
      health: ['teardown'],
      policy: LOCAL_POLICY,
      play: async (t, scene) => {
        scene.fault('cancel-hangs', { for_seconds: 150 });
        await builds(t, scene);
        await scene.tearDown();
        await scene.pass(LOCAL_POLICY.cancelDeadlineMs + 5_000);
        t.same(scene.pipelinesMade(), ['apply canceling', 'destroy waiting_for_resource'], 'asked for over it');
        await endsGone(t, scene);
        t.same(scene.seen(), [...RISING, 'destroying visitor', 'idle']);
        t.match(scene.state().builds, [{ status: 'succeeded' }], 'the second destroyer was told as well');
      },
    },
  ],
} as const satisfies Partial<Record<FaultName, readonly FaultCase[]>>;
