import t from 'tap';
import type { Deployment, Outcome } from '../../src/lifecycle/deployment.ts';
import { haveHoldersEnded } from '../../src/lifecycle/holders.ts';
import type { ListedPipeline } from '../../src/lifecycle/observation.ts';
import { attemptOf, created, deploymentOf, listedOf, minute, settledAs } from '../fakes/records.ts';
import { createStage, VISITOR } from '../fakes/stage.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const endedAs = (direction: 'apply' | 'destroy', outcome: Outcome, requestId: string = direction) =>
  attemptOf(direction, { requestId, settled: settledAs(outcome, minute(12)) });

/** Asked for a destroy that is about to be sent after those. */
const asked = (fields: Partial<Deployment>, listed: readonly ListedPipeline[] | null = null, now = minute(20)) =>
  haveHoldersEnded(
    deploymentOf({
      replies: { apply: created(1) },
      ...fields,
      attempts: [...(fields.attempts ?? []), attemptOf('destroy', { requestId: 'next' })],
    }),
    { listing: listed === null ? null : { at: minute(13), pipelines: listed } },
    'next',
    now,
  );

t.test('Given how an apply ended, when a destroy follows, then only an end that was seen counts', async (t) => {
  const sure: Readonly<Record<Outcome, boolean>> = {
    succeeded: true,
    canceled: true,
    refused: true,
    absent: true,
    // Its runner may have been lost, and its script not.
    failed: false,
    unknown: false,
  };
  for (const [outcome, isSure] of Object.entries(sure)) {
    t.equal(asked({ attempts: [endedAs('apply', outcome as Outcome)] }), isSure, outcome);
  }
  t.notOk(asked({ attempts: [attemptOf('apply')] }), 'one that is still open');
});

t.test('Given destroys before it, when another follows, then each has to have ended', async (t) => {
  const apply = endedAs('apply', 'canceled');
  for (const outcome of ['succeeded', 'failed', 'canceled', 'refused', 'absent'] as const) {
    t.ok(asked({ attempts: [apply, endedAs('destroy', outcome)] }), outcome);
  }
  t.notOk(asked({ attempts: [apply, endedAs('destroy', 'unknown')] }));
  t.notOk(asked({ attempts: [apply, attemptOf('destroy')] }));
});

t.test('Given an orphan, of whose making nothing is known, when it is destroyed, then nothing is told', async (t) => {
  t.notOk(asked({ attempts: [] }));
  t.notOk(asked({ attempts: [endedAs('destroy', 'canceled')] }));
});

t.test('Given an apply that nobody asked for, when it was listed, then nothing is told', async (t) => {
  const attempts = [endedAs('apply', 'canceled')];
  t.ok(asked({ attempts }, [listedOf('apply', { id: 1, terminal: true })]));
  t.ok(asked({ attempts }, []));
  t.notOk(asked({ attempts }, [listedOf('apply', { id: 1 }), listedOf('apply', { id: 7, terminal: true })]));
});

t.test('Given the second destroyer, when a build of it may be under way, then nothing is told', async (t) => {
  const attempts = [endedAs('apply', 'canceled')];
  const { hardEndAt, policy } = deploymentOf();
  const firstRunAt = hardEndAt + policy.secondDestroyerDelayMs;
  t.ok(asked({ attempts }, null, firstRunAt - policy.clockMarginMs - 1));
  t.notOk(asked({ attempts }, null, firstRunAt - policy.clockMarginMs), 'it starts by itself');
  t.notOk(asked({ attempts, hastenedAt: minute(15) }), 'it was told to run');
  t.ok(asked({ attempts, quarantinedAt: minute(14), quarantineTries: 1 }), 'this is the first turn, GitLab has it');
  t.notOk(asked({ attempts, quarantinedAt: minute(14), quarantineTries: 2 }), 'it had its turn');
});

t.test('Given a visitor who ends it while it is built, when it is destroyed, then the script is told', async (t) => {
  const stage = createStage();
  const { id, controlToken } = await stage.start(VISITOR);
  await stage.runUntilStatus('deploying');
  await stage.teardown({ target: { kind: 'id', id }, bearer: controlToken, precondition: null });
  await stage.runUntilStatus('idle');
  const told = (direction: 'apply' | 'destroy') =>
    stage.pipelines.created(direction).map(({ request }) => request.holdersEnded);
  t.strictSame([told('apply'), told('destroy')], [[false], [true]]);
});

t.test('Given a cancel that is not heard, when it is destroyed anyway, then the script is not told', async (t) => {
  const stage = createStage();
  stage.pipelines.faults.applyMs = 3 * HOUR_MS;
  stage.pipelines.faults.ignoresCancel = true;
  await stage.start(VISITOR);
  await stage.runUntilThat(() => stage.pipelines.created('destroy').length > 0);
  t.strictSame(
    stage.pipelines.created('destroy').map(({ request }) => request.holdersEnded),
    [false],
  );
});
