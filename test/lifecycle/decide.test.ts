import t from 'tap';
import { decide, LONGEST_WAIT_MS } from '../../src/lifecycle/decide.ts';
import type { Deployment, Instant } from '../../src/lifecycle/deployment.ts';
import { LADDER } from '../../src/lifecycle/ladder.ts';
import type { Observation } from '../../src/lifecycle/observation.ts';
import type { ActiveRecord } from '../../src/lifecycle/ports.ts';
import type { Step } from '../../src/lifecycle/step.ts';
import {
  APPLIED,
  APPLYING,
  attemptOf,
  created,
  DESTROYED,
  DESTROYING,
  downSince,
  jobOf,
  LIVE,
  LIVE_URL,
  listedOf,
  lookedAt,
  MINUTE_MS,
  minute,
  pipelineOf,
  probeOf,
  readingOf,
  recordOf,
  refused,
  SECOND_MS,
  START,
  settledAs,
} from '../fakes/records.ts';

const decideOn = ({ deployment, observation }: ActiveRecord, now: Instant) =>
  decide(deployment, observation, deployment.policy, now);

interface Case {
  /** The condition of the rung that must decide. */
  readonly rung: string;
  readonly step: Partial<Step>;
  readonly deployment: Partial<Deployment>;
  readonly observation?: Partial<Observation>;
}

/** A case with a deadline: the rung decides at that millisecond and after it, and not before. */
interface TimedCase extends Omit<Case, 'observation'> {
  readonly due: Instant;
  readonly observation?: Partial<Observation> | ((at: Instant) => Partial<Observation>);
}

const ADOPTED: Partial<Deployment> = { goal: downSince(START), armedAt: null, applyMayHaveStarted: true };
const RESENT: Partial<Deployment> = { attempts: [attemptOf('apply', { sends: 2 })], replies: { apply: created(1) } };
const UNANSWERED: Partial<Deployment> = { attempts: [attemptOf('apply')] };
const settledApply = (...settlement: Parameters<typeof settledAs>): Partial<Deployment> => ({
  attempts: [attemptOf('apply', { settled: settledAs(...settlement) })],
  replies: { apply: created(1) },
});
const cancelled = (at: Instant): Partial<Deployment> => ({
  ...APPLYING,
  goal: downSince(at),
  attempts: [attemptOf('apply', { cancelRequestedAt: at, lastCancelAt: at })],
});
const quarantined = (tries: number): Partial<Deployment> => ({
  ...DESTROYED,
  countedDestroys: 3,
  quarantinedAt: minute(60),
  quarantineTries: tries,
  nextAttemptAt: minute(120),
});
const LEFTOVERS: Partial<Observation> = { readings: [readingOf('leftovers', minute(27))] };
const listedNothing = (at: Instant): Partial<Observation> => ({
  observedAt: at,
  listing: { at, pipelines: [] },
  listingTriedAt: at,
});

const AT_ONCE: readonly Case[] = [
  {
    rung: 'proven gone; the end order is left',
    step: { do: 'release' },
    deployment: { goal: downSince(START), gone: { kind: 'never-built', at: START } },
  },
  {
    rung: "GitLab's auto-stop job runs",
    step: { do: 'go-down', reason: 'auto_stop' },
    deployment: LIVE,
    observation: {
      applyPipeline: pipelineOf('apply', 'succeeded', {
        jobs: [jobOf('apply', 'succeeded'), jobOf('stop', 'running')],
      }),
    },
  },
  { rung: 'the second destroyer is not armed', step: { do: 'arm' }, deployment: { armedAt: null } },
  { rung: 'no apply was asked for', step: { do: 'request', direction: 'apply', quarantined: false }, deployment: {} },
  {
    rung: 'GitLab refused for good, or there is no time or wish to ask again',
    step: {
      do: 'settle',
      requestId: 'apply',
      end: { outcome: 'refused', jobStarted: false, startedAt: null, finishedAt: null },
    },
    deployment: { ...UNANSWERED, replies: { apply: refused({ retryable: false }) } },
  },
  {
    rung: 'GitLab refused for good, or there is no time or wish to ask again',
    step: { do: 'settle', requestId: 'apply' },
    deployment: { ...UNANSWERED, goal: downSince(START), replies: { apply: refused() } },
  },
  {
    rung: 'its pipeline was found by name',
    step: { do: 'adopt', requestId: 'apply', pipelineId: 1, sha: 'c0ffee' },
    deployment: UNANSWERED,
    observation: { listing: { at: START, pipelines: [listedOf('apply')] } },
  },
  {
    rung: 'proven never to have arrived, and no longer wanted or possible',
    step: {
      do: 'settle',
      requestId: 'apply',
      end: { outcome: 'absent', jobStarted: false, startedAt: null, finishedAt: null },
    },
    deployment: { ...UNANSWERED, goal: downSince(minute(1)) },
    observation: { listing: { at: minute(2), pipelines: [] } },
  },
  {
    rung: 'GitLab no longer knows its pipeline',
    step: {
      do: 'settle',
      requestId: 'apply',
      end: { outcome: 'unknown', jobStarted: false, startedAt: null, finishedAt: null },
    },
    deployment: APPLYING,
    observation: { look: { pipelineId: 1, at: START, pipeline: null } },
  },
  {
    rung: 'GitLab no longer knows its pipeline',
    step: {
      do: 'settle',
      requestId: 'destroy',
      end: { outcome: 'unknown', jobStarted: true, startedAt: START + 20 * SECOND_MS, finishedAt: null },
    },
    deployment: DESTROYING,
    observation: {
      look: { pipelineId: 2, at: START, pipeline: null },
      destroyPipeline: pipelineOf('destroy', 'running'),
    },
  },
  {
    rung: 'its job ended',
    step: {
      do: 'settle',
      requestId: 'apply',
      end: { outcome: 'failed', jobStarted: true, startedAt: START + 20 * SECOND_MS, finishedAt: minute(12) },
    },
    deployment: APPLYING,
    observation: lookedAt(pipelineOf('apply', 'failed'), START),
  },
  {
    rung: 'nothing was ever sent, or every request was refused',
    step: { do: 'prove', proof: { kind: 'never-built', at: minute(30) } },
    deployment: { goal: downSince(START) },
  },
  {
    rung: 'an apply is still open and not cancelled',
    step: { do: 'cancel', requestId: 'apply', pipelineId: 1 },
    deployment: { ...APPLYING, goal: downSince(minute(29)) },
    observation: lookedAt(pipelineOf('apply', 'running'), minute(30)),
  },
  {
    rung: 'the apply was never made or never started',
    step: { do: 'go-down', reason: 'not_started' },
    deployment: settledApply('canceled', minute(1), false),
  },
  {
    rung: "the apply's fate is unknown",
    step: { do: 'go-down', reason: 'deploy_unknown' },
    deployment: settledApply('unknown', minute(1), false),
  },
  {
    rung: 'the apply failed',
    step: { do: 'go-down', reason: 'deploy_failed' },
    deployment: settledApply('failed', minute(1)),
  },
  {
    rung: 'the apply failed',
    step: { do: 'go-down', reason: 'deploy_failed' },
    deployment: settledApply('canceled', minute(1)),
  },
  {
    rung: 'the public URL answered with our id',
    step: { do: 'go-live', url: LIVE_URL, at: minute(13) },
    deployment: APPLIED,
    observation: {
      outputs: { at: minute(12), url: LIVE_URL, problem: null },
      probe: probeOf('found', minute(13)),
    },
  },
  {
    rung: 'the pipeline named a link that is not allowed',
    step: { do: 'go-down', reason: 'not_live' },
    deployment: APPLIED,
    observation: { outputs: { at: minute(12), url: null, problem: 'not_allowed' } },
  },
  {
    rung: 'an apply may have started, and nothing was destroyed yet',
    step: { do: 'request', direction: 'destroy', quarantined: false },
    deployment: { ...LIVE, goal: downSince(minute(29)) },
  },
  {
    rung: 'an apply may have started, and nothing was destroyed yet',
    step: { do: 'request', direction: 'destroy' },
    deployment: { ...ADOPTED, goal: downSince(minute(29)) },
  },
  {
    rung: 'leftovers, and attempts are left',
    step: { do: 'schedule-destroy' },
    deployment: { ...DESTROYED, countedDestroys: 2 },
    observation: LEFTOVERS,
  },
  {
    rung: 'leftovers, and no attempt is left',
    step: { do: 'quarantine' },
    deployment: { ...DESTROYED, countedDestroys: 3 },
    observation: LEFTOVERS,
  },
];

const TIMED: readonly TimedCase[] = [
  {
    rung: 'the hard end has come',
    step: { do: 'go-down', reason: 'hard_end' },
    deployment: { ...LIVE, expiresAt: minute(400) },
    due: minute(315),
  },
  { rung: 'its time is over', step: { do: 'go-down', reason: 'expired' }, deployment: LIVE, due: minute(73) },
  {
    rung: 'not live by the deploy deadline',
    step: { do: 'go-down', reason: 'deploy_timeout' },
    deployment: APPLYING,
    due: minute(45),
  },
  {
    rung: 'GitLab refused for now, and there is time to ask again',
    step: { do: 'resend', requestId: 'apply' },
    deployment: { ...UNANSWERED, replies: { apply: refused({ at: minute(1) }) } },
    due: minute(1) + 15 * SECOND_MS,
  },
  {
    rung: 'GitLab refused for good, or there is no time or wish to ask again',
    step: { do: 'settle', requestId: 'apply' },
    deployment: { ...UNANSWERED, replies: { apply: refused({ at: minute(1) }) } },
    due: minute(9),
  },
  {
    rung: 'proven never to have arrived, and still wanted',
    step: { do: 'resend', requestId: 'apply' },
    deployment: UNANSWERED,
    observation: listedNothing,
    due: START + 80 * SECOND_MS,
  },
  {
    rung: 'proven never to have arrived, and no longer wanted or possible',
    step: { do: 'settle', requestId: 'apply' },
    deployment: UNANSWERED,
    observation: listedNothing,
    due: minute(9),
  },
  {
    rung: 'cancelled, and still not ended by the cancel deadline',
    step: { do: 'settle', requestId: 'apply' },
    deployment: cancelled(minute(5)),
    observation: lookedAt(pipelineOf('apply', 'running'), minute(15)),
    due: minute(15),
  },
  {
    rung: 'pipelines carry our id that must not go on',
    step: { do: 'cancel-strangers', pipelineIds: [9] },
    deployment: LIVE,
    observation: {
      listing: { at: minute(14), pipelines: [listedOf('apply', { id: 9, requestId: 'foreign' })] },
      listingTriedAt: minute(14),
    },
    due: minute(14) + 5 * SECOND_MS,
  },
  {
    rung: 'the destroy takes too long or did not start in time',
    step: { do: 'cancel', requestId: 'destroy', pipelineId: 2 },
    deployment: DESTROYING,
    observation: (at) => lookedAt(pipelineOf('destroy', 'waiting'), at),
    due: minute(31),
  },
  {
    rung: 'the destroy takes too long or did not start in time',
    step: { do: 'cancel' },
    deployment: DESTROYING,
    observation: lookedAt(
      pipelineOf('destroy', 'running', { jobs: [jobOf('destroy', 'running', { startedAt: minute(21) })] }),
      minute(22),
    ),
    due: minute(61),
  },
  {
    rung: 'the destroy takes too long or did not start in time',
    step: { do: 'cancel' },
    deployment: { ...DESTROYING, hastenedAt: minute(71) },
    due: minute(71),
  },
  {
    rung: 'cancelled, but it goes on',
    step: { do: 'cancel', requestId: 'apply', pipelineId: 1 },
    deployment: cancelled(minute(5)),
    observation: (at) => lookedAt(pipelineOf('apply', 'running'), at),
    due: minute(5) + 30 * SECOND_MS,
  },
  {
    rung: 'GitLab does not destroy for too long',
    step: { do: 'hasten' },
    deployment: { ...DESTROYING, replies: { apply: created(1) } },
    observation: { observedAt: minute(49), gitlabFailingSince: minute(10) },
    due: minute(50),
  },
  {
    rung: 'GitLab does not destroy for too long',
    step: { do: 'hasten' },
    deployment: { ...DESTROYING, countedDestroys: 1 },
    observation: { observedAt: minute(54), gitlabFailingSince: minute(25) },
    due: minute(55),
  },
  {
    rung: 'GitLab does not destroy for too long',
    step: { do: 'hasten' },
    deployment: { ...ADOPTED, attempts: [attemptOf('destroy')] },
    due: minute(30),
  },
  {
    rung: 'GitLab does not destroy for too long',
    step: { do: 'hasten' },
    deployment: { ...DESTROYING, replies: { apply: created(1) }, hastenedAt: minute(50) },
    due: minute(80),
  },
  {
    rung: 'no answer to the request, and a look is due',
    step: { do: 'look-up' },
    deployment: UNANSWERED,
    due: START + 5 * SECOND_MS,
  },
  {
    rung: 'no answer to the request, and a look is due',
    step: { do: 'look-up' },
    deployment: UNANSWERED,
    observation: { observedAt: minute(1), listingTriedAt: minute(1), gitlabFailingSince: minute(1) },
    due: minute(1) + 15 * SECOND_MS,
  },
  {
    rung: 'sent more than once, and the check for a double is due',
    step: { do: 'look-up' },
    deployment: RESENT,
    observation: (at) => lookedAt(pipelineOf('apply', 'running'), at),
    due: START + 75 * SECOND_MS,
  },
  {
    rung: 'its pipeline runs, and a poll is due',
    step: { do: 'poll', pipelineId: 1 },
    deployment: APPLYING,
    observation: lookedAt(pipelineOf('apply', 'running'), minute(2)),
    due: minute(2) + 5 * SECOND_MS,
  },
  {
    rung: 'its pipeline runs, and a poll is due',
    step: { do: 'poll', pipelineId: 1 },
    deployment: APPLYING,
    // Another task has claimed a look at minute 3 and has stored nothing yet.
    observation: { ...lookedAt(pipelineOf('apply', 'running'), minute(2)), observedAt: minute(3) },
    due: minute(3) + 15 * SECOND_MS,
  },
  {
    rung: 'the apply did not start in time',
    step: { do: 'go-down', reason: 'not_started' },
    deployment: APPLYING,
    observation: (at) => lookedAt(pipelineOf('apply', 'waiting'), at),
    due: minute(11),
  },
  {
    rung: 'applied, and not live by the live deadline',
    step: { do: 'go-down', reason: 'not_live' },
    deployment: APPLIED,
    due: minute(17),
  },
  {
    rung: 'live, and not healthy for too long',
    step: { do: 'go-down', reason: 'unhealthy' },
    deployment: LIVE,
    observation: (at) => ({ observedAt: at, probe: probeOf('absent', at, { failures: 9, failingSince: minute(20) }) }),
    due: minute(30),
  },
  {
    rung: 'applied, and its link is not known',
    step: { do: 'read-live-url', jobId: 11 },
    deployment: APPLIED,
    observation: {
      observedAt: minute(13),
      applyPipeline: pipelineOf('apply', 'succeeded'),
      outputs: { at: minute(13), url: null, problem: null },
    },
    due: minute(13) + 5 * SECOND_MS,
  },
  {
    rung: 'its link is known, and a probe is due',
    step: { do: 'probe', url: LIVE_URL },
    deployment: APPLIED,
    observation: {
      observedAt: minute(13),
      outputs: { at: minute(12), url: LIVE_URL, problem: null },
      probe: probeOf('absent', minute(13)),
    },
    due: minute(13) + 5 * SECOND_MS,
  },
  {
    rung: 'its link is known, and a probe is due',
    step: { do: 'probe', url: LIVE_URL },
    deployment: LIVE,
    observation: { observedAt: minute(20), probe: probeOf('found', minute(20)) },
    due: minute(20) + 30 * SECOND_MS,
  },
  {
    rung: 'live, and a look at its pipeline is due',
    step: { do: 'poll', pipelineId: 1 },
    deployment: LIVE,
    observation: {
      ...lookedAt(pipelineOf('apply', 'succeeded'), minute(20)),
      probe: probeOf('found', minute(21)),
      observedAt: minute(21),
    },
    due: minute(21),
  },
  {
    rung: 'proven gone',
    step: { do: 'prove' },
    deployment: DESTROYED,
    observation: (at) => ({ observedAt: at, readings: [readingOf('empty', minute(27)), readingOf('empty', at)] }),
    due: minute(32),
  },
  {
    rung: 'the next destroy is due',
    step: { do: 'request', direction: 'destroy', quarantined: false },
    deployment: { ...DESTROYED, nextAttemptAt: minute(28) },
    observation: LEFTOVERS,
    due: minute(28),
  },
  {
    rung: "quarantined, and GitLab's turn to destroy is due",
    step: { do: 'request', direction: 'destroy', quarantined: true },
    deployment: quarantined(0),
    due: minute(120),
  },
  {
    rung: "quarantined, and the second destroyer's turn is due",
    step: { do: 'use-second-destroyer' },
    deployment: quarantined(1),
    due: minute(120),
  },
  {
    rung: 'a look at what is left is due',
    step: { do: 'read-inventory' },
    deployment: DESTROYED,
    due: minute(26) + 1,
  },
  {
    rung: 'a look at what is left is due',
    step: { do: 'read-inventory' },
    deployment: DESTROYED,
    observation: { observedAt: minute(27), readings: [readingOf('deleting', minute(27))] },
    due: minute(27) + 30 * SECOND_MS,
  },
  {
    rung: 'a look at what is left is due',
    step: { do: 'read-inventory' },
    deployment: DESTROYED,
    observation: { observedAt: minute(27), readings: [readingOf('empty', minute(27))] },
    due: minute(32),
  },
  {
    rung: 'a look at what is left is due',
    step: { do: 'read-inventory' },
    deployment: { ...quarantined(0), nextAttemptAt: minute(500) },
    observation: { observedAt: minute(61), readings: [readingOf('leftovers', minute(61))] },
    due: minute(121),
  },
];

const NOW = minute(30);

t.test('Given a minimal record per rung, when it is decided, then that rung takes its step', async (t) => {
  for (const { rung, step, deployment, observation } of AT_ONCE) {
    const decided = decideOn(recordOf(deployment, observation), NOW);
    t.equal(decided.reason, rung, rung);
    t.match(decided.step, step, rung);
  }
});

t.test('Given a deadline, when it is a millisecond before, at and after it, then it is due at its own', async (t) => {
  for (const { rung, step, deployment, observation, due } of TIMED) {
    const at = (now: Instant) =>
      decideOn(recordOf(deployment, typeof observation === 'function' ? observation(now) : observation), now);
    t.not(at(due - 1).reason, rung, `not before: ${rung}`);
    t.equal(at(due).reason, rung, `at: ${rung}`);
    t.match(at(due).step, step, `at: ${rung}`);
    t.equal(at(due + 1).reason, rung, `after: ${rung}`);
  }
});

t.test(
  'Given the table of cases, when the ladder is walked, then every rung was taken and none is double',
  async (t) => {
    const taken = new Set([...AT_ONCE, ...TIMED].map(({ rung }) => rung));
    t.same(
      LADDER.map(({ condition }) => condition).filter((condition) => !taken.has(condition)),
      [],
      'rungs that no case takes',
    );
    const inLadder = new Set(LADDER.map(({ condition }) => condition));
    t.equal(inLadder.size, LADDER.length, 'each condition stands once');
    t.same(
      [...taken].filter((rung) => !inLadder.has(rung)),
      [],
      'cases of rungs that are gone',
    );
  },
);

t.test('Given a case, when its rung is asked, then the step is the one the rung announces', async (t) => {
  const announced = new Map(LADDER.map(({ condition, step }) => [condition, step]));
  for (const { rung, step } of [...AT_ONCE, ...TIMED]) t.equal(step.do, announced.get(rung), rung);
});

t.test('Given nothing is due, when it is decided, then it waits for the next due time, a minute at most', async (t) => {
  const polled = recordOf(APPLYING, lookedAt(pipelineOf('apply', 'running'), minute(2)));
  t.same(decideOn(polled, minute(2)).step, { do: 'wait', until: minute(2) + 5 * SECOND_MS });
  const seen = { observedAt: minute(27), readings: [readingOf('empty', minute(27))] };
  t.same(decideOn(recordOf(DESTROYED, seen), minute(27)).step, { do: 'wait', until: minute(27) + LONGEST_WAIT_MS });
  t.equal(decideOn(recordOf(DESTROYED, seen), minute(27)).reason, 'nothing is due');
});

t.test('Given a live demo, when its end is less than a minute away, then the wait ends exactly there', async (t) => {
  const now = minute(73) - 20 * SECOND_MS;
  const record = recordOf(LIVE, {
    observedAt: now,
    probe: probeOf('found', now),
    look: { pipelineId: 1, at: now, pipeline: null },
  });
  t.same(decideOn(record, now).step, { do: 'wait', until: minute(73) });
});

t.test(
  'Given one failed probe and then none for long, when ten minutes are over, then it is asked again first',
  async (t) => {
    const failedOnce = { observedAt: minute(20), probe: probeOf('absent', minute(20)) };
    t.match(decideOn(recordOf(LIVE, failedOnce), minute(31)).step, { do: 'probe' });
    const unknownSince = {
      observedAt: minute(31),
      probe: probeOf('unknown', minute(31), { failingSince: minute(20) }),
    };
    t.not(decideOn(recordOf(LIVE, unknownSince), minute(31)).step.do, 'go-down', 'our own way out is broken');
  },
);

t.test(
  'Given an outage while a destroy was queued, when its start deadline is past, then it is polled first',
  async (t) => {
    const before = lookedAt(pipelineOf('destroy', 'waiting'), minute(20));
    t.match(decideOn(recordOf(DESTROYING, before), minute(35)).step, { do: 'poll', pipelineId: 2 });
  },
);

t.test('Given another policy, when a what-if is asked, then its durations decide', async (t) => {
  const { deployment, observation } = recordOf(APPLYING, lookedAt(pipelineOf('apply', 'running'), minute(20)));
  const hasty = { ...deployment.policy, deployDeadlineMs: 10 * MINUTE_MS };
  t.match(decide(deployment, observation, hasty, minute(20)).step, { do: 'go-down', reason: 'deploy_timeout' });
});
