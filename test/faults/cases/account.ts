import type { FaultName } from '../../../src/local/gitlab-simulator/fault-table.ts';
import { LOCAL_POLICY } from '../../../src/policies.ts';
import type { FaultCase } from '../fault-case.ts';
import { endsGone, neverBegan } from '../gone.ts';
import { goesLive, isPressed, livesAndEnds, sawAWholeLife, UP } from '../way.ts';

const MINUTE_MS = 60_000;
const DOWN = [...UP, 'destroying visitor', 'idle'];

const notReady = (fault: FaultName): FaultCase => ({
  when: 'it is so when the button is pressed',
  outcome: 'the press is refused: what could not be proven gone is not built',
  health: ['inventory'],
  play: async (t, scene) => {
    scene.fault(fault);
    t.equal(await scene.press(), 'PREFLIGHT_FAILED');
    t.same(scene.seen(), ['idle blocked:preflight']);
    await neverBegan(t, scene);
    scene.repair();
    await goesLive(t, scene);
    await livesAndEnds(t, scene);
    t.same(scene.seen(), ['idle blocked:preflight', ...DOWN]);
  },
});

const provesNothing = (fault: FaultName): FaultCase => ({
  when: 'it is so for an hour after the destroy',
  outcome: 'the visitor sees it going down: nobody calls it gone, and nobody destroys again',
  health: ['inventory', 'teardown'],
  play: async (t, scene) => {
    await goesLive(t, scene);
    scene.fault(fault);
    await scene.tearDown();
    await scene.pass(60 * MINUTE_MS);
    t.equal(scene.seen().at(-1), 'destroying visitor');
    t.same(scene.state().resources, [], 'although it is');
    scene.repair();
    await endsGone(t, scene);
    t.same(scene.seen(), DOWN);
    t.same(scene.pipelinesMade().at(-1), 'destroy success');
    t.match(await scene.ledger(), [{ destroyAttempts: 1 }]);
  },
});

const onceInAWhile = (fault: FaultName): FaultCase => ({
  when: 'every other reading is so',
  outcome: 'nobody notices: a reading that says nothing neither counts nor breaks the proof',
  health: ['inventory'],
  play: async (t, scene) => {
    await goesLive(t, scene);
    await scene.pass(30_000);
    await scene.tearDown();
    for (let again = 0; again < 3; again += 1) {
      scene.fault(fault, { times: 1 });
      await scene.pass(40_000);
    }
    await endsGone(t, scene);
    sawAWholeLife(t, scene);
  },
});

export const ACCOUNT_CASES = {
  'inventory-partial': [
    notReady('inventory-partial'),
    provesNothing('inventory-partial'),
    onceInAWhile('inventory-partial'),
  ],
  'inventory-error': [notReady('inventory-error'), provesNothing('inventory-error')],
  'schedules-error': [
    {
      when: 'it is so when the button is pressed',
      outcome: 'the press is refused, and nothing is built',
      health: ['second_destroyer'],
      play: async (t, scene) => {
        scene.fault('schedules-error');
        t.equal(await scene.press(), 'PREFLIGHT_FAILED');
        scene.repair();
        await neverBegan(t, scene);
        await goesLive(t, scene);
        await livesAndEnds(t, scene);
      },
    },
    {
      when: 'it begins just after the press was found to be possible',
      outcome: 'the press is answered with ARM_FAILED, nothing is built and the lock is free again',
      health: [],
      play: async (t, scene) => {
        scene.justBeforeTheLock(() => scene.fault('schedules-error', { times: 1 }));
        t.equal(await scene.press(), 'ARM_FAILED');
        await endsGone(t, scene);
        t.same(scene.seen(), ['idle blocked:preflight']);
        t.same(scene.pipelinesMade(), []);
        t.match(await scene.ledger(), [{ reason: 'arm_failed', outcome: 'never_built', costUsd: 0 }]);
        t.equal(await scene.press(), 'PREFLIGHT_FAILED', 'for a minute nobody tries again');
        await scene.pass(MINUTE_MS);
        await goesLive(t, scene);
        await livesAndEnds(t, scene);
      },
    },
    {
      when: 'it begins just after the press was found to be possible, and stays',
      outcome: 'the visitor sees why it goes down, and the lock is kept until the schedule is known to be gone',
      health: ['second_destroyer'],
      play: async (t, scene) => {
        scene.justBeforeTheLock(() => scene.fault('schedules-error'));
        t.equal(await scene.press(), 'ARM_FAILED');
        await scene.pass(5 * MINUTE_MS);
        t.same(scene.seen(), ['destroying arm_failed']);
        t.same(scene.pipelinesMade(), []);
        scene.repair();
        await endsGone(t, scene);
        t.same(scene.seen(), ['destroying arm_failed', 'idle']);
        t.match(await scene.ledger(), [{ reason: 'arm_failed', outcome: 'never_built' }]);
      },
    },
    {
      when: 'it is so when everything is gone',
      outcome: 'the visitor sees it going down until the second destroyer is disarmed',
      health: ['second_destroyer'],
      play: async (t, scene) => {
        await goesLive(t, scene);
        await scene.pass(30_000);
        scene.fault('schedules-error');
        await scene.tearDown();
        await scene.untilThat((record) => record?.deployment.gone != null);
        await scene.pass(5 * MINUTE_MS);
        t.equal(scene.seen().at(-1), 'destroying visitor', 'although it is proven');
        scene.repair();
        await endsGone(t, scene);
        sawAWholeLife(t, scene);
      },
    },
  ],
  'second-destroyer-fails': [
    {
      when: 'GitLab is gone on the way down and its first run fails',
      outcome: 'the visitor sees it going down, and it is told again',
      health: ['gitlab', 'teardown', 'overdue_deployments'],
      policy: LOCAL_POLICY,
      play: async (t, scene) => {
        await goesLive(t, scene);
        scene.fault('server-error-html');
        scene.fault('second-destroyer-fails', { times: 1 });
        await scene.tearDown();
        await scene.pass(4 * LOCAL_POLICY.hastenAfterMs);
        t.match(scene.state().builds, [{ status: 'failed', destroyed: 0 }, { status: 'succeeded' }]);
        t.same(scene.state().resources, []);
        t.equal(scene.seen().at(-1), 'destroying visitor +stale');
        scene.repair();
        await endsGone(t, scene);
        t.equal(scene.seen().at(-1), 'idle');
      },
    },
    {
      when: 'GitLab is well',
      outcome: 'nobody notices: it is never needed',
      health: [],
      play: async (t, scene) => {
        scene.fault('second-destroyer-fails');
        await isPressed(t, scene);
        await livesAndEnds(t, scene);
        sawAWholeLife(t, scene);
        t.same(scene.state().builds, []);
      },
    },
  ],
} as const satisfies Partial<Record<FaultName, readonly FaultCase[]>>;
