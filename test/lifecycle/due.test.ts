import t from 'tap';
import { duesOf, isDue, nextDueAt } from '../../src/lifecycle/due.ts';
import {
  APPLIED,
  APPLYING,
  attemptOf,
  DESTROYED,
  DESTROYING,
  deploymentOf,
  downSince,
  LIVE,
  listedOf,
  lookedAt,
  minute,
  observationOf,
  pipelineOf,
  probeOf,
  readingOf,
  recordOf,
  SECOND_MS,
  START,
} from '../fakes/records.ts';

const dues = (...fields: Parameters<typeof recordOf>) => {
  const { deployment, observation } = recordOf(...fields);
  return duesOf(deployment, observation);
};

t.test('Given an instant, when it is a millisecond before, at and after it, then it is due at its own', async (t) => {
  t.notOk(isDue(START, START - 1));
  t.ok(isDue(START, START));
  t.ok(isDue(START, START + 1));
  t.notOk(isDue(null, START));
});

t.test(
  'Given several due times, when the next is asked for, then it is the earliest that is still to come',
  async (t) => {
    const of = {
      ...duesOf(deploymentOf(), observationOf()),
      pollAt: START - 1,
      probeAt: START,
      expiresAt: START + 5,
      hardEndAt: START + 3,
      deployDeadlineAt: null,
    };
    t.equal(nextDueAt(of, START, 60_000), START + 3);
    t.equal(nextDueAt(of, START + 5, 60_000), START + 60_005, 'nothing is left but the longest wait');
    t.equal(nextDueAt(of, START, 2), START + 2);
  },
);

t.test('Given nothing was asked for yet, when it is up, then only its ends are waited for', async (t) => {
  const due = dues();
  t.equal(due.deployDeadlineAt, minute(45));
  t.equal(due.hardEndAt, minute(315));
  t.same(
    Object.entries(due)
      .filter(([, at]) => at !== null)
      .map(([name]) => name),
    ['hardEndAt', 'deployDeadlineAt'],
  );
});

t.test(
  'Given it is live, when its times are asked for, then the deploy deadline is over and its end is waited for',
  async (t) => {
    const due = dues(LIVE, {
      observedAt: minute(14),
      probe: probeOf('absent', minute(14)),
      look: { pipelineId: 1, at: minute(13), pipeline: null },
    });
    t.match(due, {
      deployDeadlineAt: null,
      expiresAt: minute(73),
      probeAt: minute(14) + 30 * SECOND_MS,
      pollAt: minute(14),
      unhealthyAt: minute(24),
    });
  },
);

t.test(
  'Given GitLab fails, when the next look at it is due, then it waits three polls, and probes do not',
  async (t) => {
    const failing = { observedAt: minute(5), lookEndedAt: minute(5), gitlabFailingSince: minute(4) };
    const pause = minute(5) + 15 * SECOND_MS;
    const listing = { at: START, pipelines: [listedOf('apply', { id: 9, requestId: 'foreign' })] };
    t.equal(
      dues(APPLYING, { ...failing, gitlabFailedAt: minute(6) }).pollAt,
      minute(6) + 15 * SECOND_MS,
      'counted from the end of a look that took long',
    );
    t.equal(dues({ attempts: [attemptOf('apply')] }, failing).lookUpAt, pause);
    t.equal(dues(APPLYING, failing).pollAt, pause);
    t.equal(dues(APPLYING, failing).doubleCheckAt, pause);
    t.equal(dues(APPLIED, failing).outputsAt, pause);
    t.equal(dues(LIVE, { ...failing, probe: probeOf('found', START) }).probeAt, START + 30 * SECOND_MS);
    t.equal(dues(LIVE, { ...failing, listing, listingTriedAt: START }).cancelStrangersAt, pause);
  },
);

t.test(
  'Given a look that was claimed and stored nothing yet, when looks are due, then they wait as long as any request may be out',
  async (t) => {
    const running = pipelineOf('apply', 'running');
    const stored = lookedAt(running, minute(2));
    t.equal(dues(APPLYING, stored).pollAt, minute(2) + 5 * SECOND_MS);
    const claimed = { ...stored, observedAt: minute(3) };
    t.equal(dues(APPLYING, claimed).pollAt, minute(3) + 75 * SECOND_MS);
    t.equal(dues(APPLYING, claimed).deployDeadlineAt, minute(45), 'no deadline waits for a look');
    t.equal(dues(DESTROYED, { observedAt: minute(27) }).inventoryAt, minute(27) + 75 * SECOND_MS);
    t.equal(
      dues(DESTROYED, { observedAt: minute(27), readings: [readingOf('unknown', minute(27))] }).inventoryAt,
      minute(27) + 30 * SECOND_MS,
    );
  },
);

t.test(
  'Given a destroy whose start was never seen, when its deadline is asked for, then it counts from the last possible start',
  async (t) => {
    t.match(dues(DESTROYING), { startDeadlineAt: minute(31), destroyDeadlineAt: minute(71) });
    t.match(dues(DESTROYING, lookedAt(pipelineOf('destroy', 'running'), minute(21))), {
      startDeadlineAt: null,
      destroyDeadlineAt: START + 20 * SECOND_MS + 40 * 60 * SECOND_MS,
    });
    t.equal(dues(APPLYING).destroyDeadlineAt, null, 'an apply has its deploy deadline');
  },
);

t.test(
  'Given an attempt ended this millisecond, when the inventory is due, then it is a millisecond later, so that it counts',
  async (t) => {
    t.equal(dues(DESTROYED).inventoryAt, minute(26) + 1);
    t.equal(
      dues(DESTROYED, { observedAt: minute(26), readings: [readingOf('empty', minute(26))] }).inventoryAt,
      minute(26) + 1,
    );
    t.equal(dues(DESTROYING).inventoryAt, null, 'not while a destroy is open');
  },
);

t.test(
  'Given it was empty before late starts are over, when the next reading is due, then it is when one counts',
  async (t) => {
    const canceled = {
      outcome: 'canceled',
      at: minute(2),
      jobStarted: false,
      startedAt: null,
      finishedAt: null,
    } as const;
    const down = { ...APPLYING, goal: downSince(minute(1)), attempts: [attemptOf('apply', { settled: canceled })] };
    t.equal(
      dues(down, { observedAt: minute(3), readings: [readingOf('empty', minute(3))] }).inventoryAt,
      minute(11) + 1,
    );
  },
);
