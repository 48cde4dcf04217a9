import type { Test } from 'tap';
import type { Scene } from './scene.ts';
import { builders, isFinished } from './simulated.ts';

/**
 * The one end that every fault must come to, however it was on the way: idle, with a receipt that proves it, nothing
 * left anywhere, and never idle before. At most one apply ever built.
 */
export const endsGone = async (t: Test, scene: Scene): Promise<void> => {
  await scene.until('idle');
  const { pipelines, resources, schedules } = scene.state();
  const ledger = await scene.ledger();
  // A start that was refused late has no answer with its id in it, but a receipt.
  const id = scene.startedId() ?? ledger[0]?.id ?? '';
  const tombstone = ledger.find((entry) => entry.id === id);
  t.ok(tombstone, 'there is a receipt');
  t.same(await scene.store.list(), [], 'no dead letter is left');
  t.same(resources, [], 'nothing is left in the account');
  t.notOk(
    schedules.some(({ deployment_id }) => deployment_id === id),
    'the second destroyer is disarmed',
  );
  t.same(
    pipelines.filter((pipeline) => !isFinished(pipeline)),
    [],
    'no pipeline runs any more',
  );
  t.ok(builders(scene.state(), id).length <= 1, 'at most one apply built');
  t.same(scene.faultAtSight, [], 'it was never called idle while something existed');
  const gone = tombstone?.gone;
  if (gone?.kind === 'never-built') t.same(builders(scene.state(), id), [], 'never built, and so it was');
  if (gone?.kind === 'two-empty-readings') {
    t.ok(gone.secondAt - gone.firstAt >= scene.policy.proofGapMs, 'two empty readings, far enough apart');
  }
};

/** What could not be cleaned up keeps the lock and leaves one dead letter; once the fault is over, it heals by itself. */
export const endsQuarantined = async (t: Test, scene: Scene): Promise<void> => {
  await scene.until('quarantined');
  const id = scene.startedId();
  const letters = await scene.store.list();
  t.match(letters, [{ id, kind: 'quarantine' }]);
  t.equal(letters.length, 1);
  t.equal(await scene.press(), 'ALREADY_RUNNING', 'the lock is kept');
  t.ok(scene.state().resources.length > 0);
  scene.repair();
  await endsGone(t, scene);
};

/** A press that was refused left nothing behind. */
export const neverBegan = async (t: Test, scene: Scene): Promise<void> => {
  const { pipelines, resources, schedules } = scene.state();
  t.same({ pipelines, resources, schedules }, { pipelines: [], resources: [], schedules: [] });
  t.same(await scene.ledger(), []);
  t.same(await scene.store.list(), []);
  t.equal(await scene.status(), 'idle');
};
