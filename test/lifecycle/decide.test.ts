import t from 'tap';
import { decide, LONGEST_WAIT_MS } from '../../src/lifecycle/decide.ts';
import type { Instant } from '../../src/lifecycle/deployment.ts';
import { LADDER } from '../../src/lifecycle/ladder.ts';
import type { ActiveRecord } from '../../src/lifecycle/ports.ts';
import {
  APPLYING,
  DESTROYED,
  DESTROYING,
  LIVE,
  lookedAt,
  MINUTE_MS,
  minute,
  pipelineOf,
  probeOf,
  readingOf,
  recordOf,
  SECOND_MS,
} from '../fakes/records.ts';
import { AT_ONCE } from './ladder-cases-at-once.ts';
import { TIMED } from './ladder-cases-with-deadline.ts';

const decideOn = ({ deployment, observation }: ActiveRecord, now: Instant) =>
  decide(deployment, observation, deployment.policy, now);

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
    const listing = { at: minute(34), pipelines: [] };
    const before = { ...lookedAt(pipelineOf('destroy', 'waiting'), minute(20)), listing };
    t.match(decideOn(recordOf(DESTROYING, before), minute(35)).step, { do: 'poll', pipelineId: 2 });
  },
);

t.test('Given another policy, when a what-if is asked, then its durations decide', async (t) => {
  const { deployment, observation } = recordOf(APPLYING, lookedAt(pipelineOf('apply', 'running'), minute(20)));
  const hasty = { ...deployment.policy, deployDeadlineMs: 10 * MINUTE_MS };
  t.match(decide(deployment, observation, hasty, minute(20)).step, { do: 'go-down', reason: 'deploy_timeout' });
});

t.test(
  'Given the ladder, when it is read from the top, then nothing that only looks stands above what decides',
  async (t) => {
    const looks = ['look-up', 'cancel-strangers', 'poll', 'read-live-url', 'probe', 'read-inventory'];
    const first = LADDER.findIndex(({ step }) => looks.includes(step));
    t.ok(first > 0);
    t.same(
      LADDER.slice(first)
        .map(({ step }) => step)
        .filter((step) => !looks.includes(step)),
      [],
    );
  },
);
