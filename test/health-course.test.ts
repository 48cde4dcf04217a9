import t from 'tap';
import {
  linkTrouble,
  lookTrouble,
  readingTrouble,
  startTrouble,
  sweepTrouble,
  teardownTrouble,
} from '../src/health-course.ts';
import type { DownReason } from '../src/lifecycle/deployment.ts';
import {
  APPLIED,
  APPLYING,
  attemptOf,
  DESTROYED,
  DESTROYING,
  LIVE,
  minute,
  probeOf,
  readingOf,
  recordOf,
  refused,
  settledAs,
  tombstoneOfRun,
} from './fakes/records.ts';

const down = (reason: DownReason) => ({ direction: 'down', reason, since: minute(11) }) as const;
const failedRun = tombstoneOfRun({ liveAt: null, outcome: 'failed', reason: 'deploy_failed' });
const goodRun = tombstoneOfRun();
const endedBefore = tombstoneOfRun({ liveAt: null, outcome: 'failed', reason: 'visitor' });

t.test('Given how runs ended, when the latest start is judged, then the latest that can tell decides', async (t) => {
  t.equal(startTrouble(null, []), null, 'nobody ever started one');
  t.equal(startTrouble(null, [goodRun, failedRun]), null);
  t.match(
    startTrouble(null, [failedRun, goodRun]),
    /^The demo of 2026-11-20T09:00:00.000Z did not .*: deploy_failed\./,
  );
  t.match(startTrouble(null, [endedBefore, failedRun]), /deploy_failed/, 'one that was ended before tells nothing');
  t.equal(startTrouble(null, [endedBefore, endedBefore]), null);
  t.equal(startTrouble(null, [{ ...failedRun, sample: true }]), null, 'samples tell nothing');
  t.equal(
    startTrouble(null, [tombstoneOfRun({ reason: 'unhealthy' }), failedRun]),
    null,
    'it was live, so it was built',
  );
});

t.test('Given each reason, when a run ended by it before it was live, then it is trouble or it is not', async (t) => {
  const reasons: Readonly<Record<DownReason, boolean>> = {
    visitor: false,
    owner: false,
    expired: false,
    hard_end: false,
    nightly: false,
    not_started: true,
    deploy_failed: true,
    deploy_timeout: true,
    deploy_unknown: true,
    not_live: true,
    unhealthy: false,
    auto_stop: false,
    arm_failed: false,
    preflight_failed: false,
    adopted_orphan: false,
  };
  for (const [reason, isTrouble] of Object.entries(reasons) as [DownReason, boolean][]) {
    const ended = tombstoneOfRun({ liveAt: null, outcome: 'failed', reason });
    t.equal(startTrouble(null, [ended]) !== null, isTrouble, reason);
    t.equal(
      startTrouble(recordOf({ ...APPLYING, goal: down(reason) }), []) !== null,
      isTrouble,
      `${reason}, going down`,
    );
  }
});

t.test('Given a running demo, when its start is judged, then it decides as soon as it can', async (t) => {
  t.match(startTrouble(recordOf(APPLYING), [failedRun]), /deploy_failed/, 'one that is being built tells nothing yet');
  t.equal(startTrouble(recordOf(APPLYING), [goodRun]), null);
  t.equal(startTrouble(recordOf(LIVE), [failedRun]), null, 'one that is live does');
  t.equal(startTrouble(recordOf({ ...LIVE, goal: down('unhealthy') }), [failedRun]), null);
  const refusing = recordOf({ attempts: [attemptOf('apply')], replies: { apply: refused() } });
  t.equal(startTrouble(refusing, [goodRun]), 'GitLab refuses to run an apply: creation_limit');
  const sentAgain = recordOf({ attempts: [attemptOf('apply', { sends: 2 })], replies: { apply: refused() } });
  t.equal(startTrouble(sentAgain, [goodRun]), null, 'the refusal of an earlier send is over');
});

t.test('Given probes, when two in a row failed, then the live demo is in trouble, and not after one', async (t) => {
  t.equal(linkTrouble(null), null);
  t.equal(linkTrouble(recordOf(APPLIED)), null, 'it is not live yet');
  t.equal(linkTrouble(recordOf(LIVE, { probe: probeOf('absent', minute(20)) })), null);
  const withheld = { probe: probeOf('absent', minute(21), { failures: 2, failingSince: minute(20) }) };
  t.equal(linkTrouble(recordOf(LIVE, withheld)), 'The demo has not answered since 2026-11-20T09:20:00.000Z.');
  t.equal(linkTrouble(recordOf(DESTROYING, withheld)), null, 'it need not answer any more');
});

t.test('Given the way down, when a destroy did not do it, then it is in trouble until one does', async (t) => {
  const apply = attemptOf('apply', { settled: settledAs('succeeded', minute(12)) });
  const ended = (outcome: Parameters<typeof settledAs>[0], id = 'destroy') =>
    attemptOf('destroy', { requestId: id, settled: settledAs(outcome, minute(26)) });
  const leftovers = { readings: [readingOf('leftovers', minute(27))] };
  t.equal(teardownTrouble(null), null);
  t.equal(teardownTrouble(recordOf(LIVE)), null);
  t.equal(teardownTrouble(recordOf(DESTROYING)), null);
  t.equal(teardownTrouble(recordOf(DESTROYED)), null);
  t.equal(teardownTrouble(recordOf(DESTROYED, leftovers)), 'A destroy left this: eks-cluster demo');
  t.equal(
    teardownTrouble(recordOf(DESTROYED, { readings: [readingOf('leftovers', minute(25))] })),
    null,
    'before its end',
  );
  t.equal(teardownTrouble(recordOf(DESTROYED, { readings: [readingOf('deleting', minute(27))] })), null);
  for (const outcome of ['failed', 'canceled', 'refused', 'absent', 'unknown'] as const) {
    const failing = { ...DESTROYED, attempts: [apply, ended(outcome)] };
    t.equal(teardownTrouble(recordOf(failing)), `The latest destroy that ended did so like this: ${outcome}.`);
    const again = { ...failing, attempts: [apply, ended(outcome), attemptOf('destroy', { requestId: 'again' })] };
    t.match(teardownTrouble(recordOf(again)), outcome, 'while the next one runs');
    const healed = { ...failing, attempts: [apply, ended(outcome), ended('succeeded', 'again')] };
    t.equal(teardownTrouble(recordOf(healed)), null);
  }
  const refusing = { ...DESTROYING, replies: { destroy: refused({ reason: 'quota' }) } };
  t.equal(teardownTrouble(recordOf(refusing)), 'GitLab refuses to run a destroy: quota');
  t.match(teardownTrouble(recordOf({ ...DESTROYING, hastenedAt: minute(50) })), /second destroyer/);
  t.match(teardownTrouble(recordOf({ ...DESTROYED, quarantinedAt: minute(60) })), /quarantined since 2026-11-20T10:00/);
  const gone = { kind: 'two-empty-readings', at: minute(95), firstAt: minute(90), secondAt: minute(95) } as const;
  t.equal(teardownTrouble(recordOf({ ...DESTROYED, quarantinedAt: minute(60), gone })), null, 'it is proven gone');
});

t.test(
  'Given looks at GitLab, when the latest ones failed, then it is trouble for as long as they are recent',
  async (t) => {
    const failing = recordOf(APPLYING, { gitlabFailingSince: minute(3), observedAt: minute(5) });
    t.equal(lookTrouble(null, minute(5)), null);
    t.equal(lookTrouble(recordOf(APPLYING, { observedAt: minute(5) }), minute(5)), null);
    t.equal(lookTrouble(failing, minute(7)), 'The running pipeline cannot be read since 2026-11-20T09:03:00.000Z.');
    t.equal(lookTrouble(failing, minute(7) + 1), null, 'nobody has looked for two minutes');
  },
);

t.test('Given readings, when the latest one is unknown, then it is trouble', async (t) => {
  t.equal(readingTrouble(null), null);
  t.equal(readingTrouble(recordOf(DESTROYED)), null);
  const unknown = readingOf('unknown', minute(28), { detail: ['the inventory answers 500'] });
  t.equal(
    readingTrouble(recordOf(DESTROYED, { readings: [readingOf('empty', minute(27)), unknown] })),
    'What is left could not be read: the inventory answers 500',
  );
  t.equal(readingTrouble(recordOf(DESTROYED, { readings: [unknown, readingOf('empty', minute(29))] })), null);
});

t.test('Given a sweep, when the demo that answers is not in it, then it is trouble', async (t) => {
  const { owner } = recordOf(LIVE).deployment;
  t.equal(sweepTrouble(null, []), null, 'nothing runs');
  t.match(sweepTrouble(recordOf(LIVE), []), /^The live demo is not in the inventory: /);
  t.match(
    sweepTrouble(recordOf(LIVE), ['01930000-0000-7000-8000-0000000000aa']),
    /^The live demo/,
    'others are no help',
  );
  t.equal(sweepTrouble(recordOf(LIVE), [owner]), null);
  t.equal(sweepTrouble(recordOf(APPLIED), []), null, 'it may not be built yet');
  t.equal(sweepTrouble(recordOf({ ...LIVE, goal: down('expired') }), []), null, 'it may be gone by now');
  const silent = { probe: probeOf('absent', minute(21), { failures: 2, failingSince: minute(20) }) };
  t.equal(sweepTrouble(recordOf(LIVE, silent), []), null, 'somebody else may have destroyed it');
});
