import type { FaultParameters } from '../../../src/local/gitlab-simulator/fault-store.ts';
import type { FaultName } from '../../../src/local/gitlab-simulator/fault-table.ts';
import { type FaultCase, NOT_BUILT } from '../fault-case.ts';
import { endsGone, endsQuarantined } from '../gone.ts';
import { goesLive, isPressed, livesAndEnds, UP } from '../way.ts';

const DOWN = [...UP, 'destroying visitor', 'idle'];
const QUARANTINED = [...UP, 'destroying visitor', 'quarantined visitor', 'idle'];

const takesLonger = (
  when: string,
  fault: FaultName,
  parameters: FaultParameters,
  made: readonly string[],
  attempts: number,
): FaultCase => ({
  when,
  outcome: 'the visitor sees it going down a little longer: it is destroyed again',
  health: ['teardown'],
  play: async (t, scene) => {
    await goesLive(t, scene);
    scene.fault(fault, parameters);
    await livesAndEnds(t, scene);
    t.same(scene.seen(), DOWN);
    t.same(scene.pipelinesMade(), ['apply success', ...made]);
    t.match(await scene.ledger(), [{ outcome: 'lived', destroyAttempts: attempts }]);
  },
});

const neverEnds = (fault: FaultName, end: string): FaultCase => ({
  when: 'it hits every destroy',
  outcome: 'three destroys later the visitor sees the quarantine; it heals once the fault is over',
  health: ['teardown', 'dead_letters', 'overdue_deployments'],
  play: async (t, scene) => {
    await goesLive(t, scene);
    scene.fault(fault, { action: 'destroy' });
    await scene.tearDown();
    await scene.until('quarantined');
    t.same(scene.pipelinesMade().slice(1), [`destroy ${end}`, `destroy ${end}`, `destroy ${end}`]);
    await endsQuarantined(t, scene);
    t.same(scene.seen(), QUARANTINED);
  },
});

export const DESTROY_CASES = {
  'destroy-fails': [
    takesLonger('it happens once', 'destroy-fails', { times: 1 }, ['destroy failed', 'destroy success'], 2),
    neverEnds('destroy-fails', 'failed'),
  ],
  leftovers: [
    takesLonger(
      'two destroys do not see them',
      'leftovers',
      { survive: 2 },
      ['destroy failed', 'destroy failed', 'destroy success'],
      3,
    ),
    neverEnds('leftovers', 'failed'),
  ],
  'state-locked': [
    takesLonger(
      'it happens twice',
      'state-locked',
      { action: 'destroy', times: 2 },
      ['destroy failed', 'destroy failed', 'destroy success'],
      3,
    ),
    {
      when: 'it hits the apply',
      outcome: 'it is given up as failed, and destroyed to be sure',
      ...NOT_BUILT,
      play: async (t, scene) => {
        scene.fault('state-locked', { action: 'apply' });
        await isPressed(t, scene);
        await endsGone(t, scene);
        t.same(scene.seen(), [...UP.slice(0, 2), 'destroying deploy_failed', 'idle']);
        t.same(scene.pipelinesMade(), ['apply failed', 'destroy success']);
      },
    },
    neverEnds('state-locked', 'failed'),
  ],
  'stale-lock': [
    {
      when: 'the apply leaves it',
      outcome: 'it is given up as failed, and destroyed until a destroy may break the lock',
      ...NOT_BUILT,
      health: ['latest_start', 'teardown'],
      play: async (t, scene) => {
        scene.fault('stale-lock', { times: 1, job: 'apply', after_seconds: 30 });
        await isPressed(t, scene);
        await endsGone(t, scene);
        t.same(scene.seen(), [...UP.slice(0, 2), 'destroying deploy_failed', 'idle']);
        t.same(scene.pipelinesMade(), ['apply failed', 'destroy failed', 'destroy failed', 'destroy success']);
      },
    },
    // The next one is told that nobody holds it any more, and breaks it however young it is.
    takesLonger(
      'the destroy leaves it',
      'stale-lock',
      { times: 1, job: 'destroy', after_seconds: 3 },
      ['destroy failed', 'destroy success'],
      2,
    ),
  ],
  'resource-reappears': [
    takesLonger(
      'it happens between the two readings of the proof',
      'resource-reappears',
      { times: 1, after_seconds: 200 },
      ['destroy success', 'destroy success'],
      2,
    ),
    {
      when: 'it happens when nothing was left to prove it by',
      outcome: 'the next start is refused until two nightly sweeps have found it and destroyed it',
      health: ['inventory', 'dead_letters', 'overdue_deployments'],
      play: async (t, scene) => {
        await goesLive(t, scene);
        scene.fault('resource-reappears', { times: 1, after_seconds: 1_000 });
        await scene.pass(30_000);
        await scene.tearDown();
        await scene.until('idle');
        t.same(scene.state().resources, [], 'gone, and proven');
        scene.clock.advance(300_000);
        t.equal(await scene.press(), 'PREFLIGHT_FAILED');
        t.equal(scene.seen().at(-1), 'idle blocked:preflight');
        await scene.nightly(scene.clock.now());
        scene.clock.advance(24 * 3_600_000);
        await scene.nightly(scene.clock.now());
        t.equal(scene.count('orphan.adopted'), 1);
        await scene.until('idle');
        t.ok(scene.faultAtSight.splice(0).length > 0, 'the one case in which idle was not empty');
        await endsGone(t, scene);
        t.same(scene.seen().slice(-2), ['destroying adopted_orphan', 'idle']);
        t.equal(await scene.press(), 'created');
        await scene.tearDown();
        await endsGone(t, scene);
      },
    },
  ],
} as const satisfies Partial<Record<FaultName, readonly FaultCase[]>>;
