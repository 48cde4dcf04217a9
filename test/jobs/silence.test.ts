import { createTask } from 'node-cron';
import t, { type Test } from 'tap';
import { createSilence } from '../../src/jobs/silence.ts';
import type { Instant } from '../../src/lifecycle/deployment.ts';
import { MINUTE_MS } from '../fakes/records.ts';

const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A Friday. */
const NIGHT = Date.parse('2026-11-20T03:00:00Z');
const LIMIT_MS = 20 * MINUTE_MS;

const silenceOf = (t: Test, expression: string, startedAt: Instant) => {
  const task = createTask(expression, () => undefined, { timezone: 'UTC' });
  t.teardown(() => task.destroy());
  let matches = 0;
  const counted = {
    getPattern: () => task.getPattern(),
    match: (date: Date) => {
      matches += 1;
      return task.match(date);
    },
  };
  return {
    isSilent: createSilence(counted, startedAt),
    matched: () => {
      const sinceLastAsked = matches;
      matches = 0;
      return sinceLastAsked;
    },
  };
};

t.test('Given a completed slot, when the next one is 20 minutes old, then it is silent, and not before', async (t) => {
  for (const [expression, nextSlot] of [
    ['0 * * * *', NIGHT + HOUR_MS],
    ['0 3 * * *', NIGHT + DAY_MS],
    ['30 2,14 * * *', NIGHT + 11.5 * HOUR_MS],
    ['0 0 4 * * *', NIGHT + HOUR_MS],
  ] as const) {
    const { isSilent } = silenceOf(t, expression, NIGHT);
    // What has to be walked over is walked over in a few rounds, each as long as there would be between two of them.
    for (let now = NIGHT; now < nextSlot + LIMIT_MS; now += 10 * MINUTE_MS) t.equal(isSilent(NIGHT, now), false);
    t.equal(isSilent(NIGHT, nextSlot + LIMIT_MS - 1), false, expression);
    t.equal(isSilent(NIGHT, nextSlot + LIMIT_MS), true, expression);
    t.equal(isSilent(nextSlot, nextSlot + LIMIT_MS), false, 'and it is over as soon as the slot is completed');
  }
});

t.test(
  'Given two of its periods, when nothing was completed in them, then it is silent, whatever they are',
  async (t) => {
    for (const [expression, periodMs] of [
      ['0 * * * *', HOUR_MS],
      ['0 3 * * *', DAY_MS],
      ['0 3 * * 5', 7 * DAY_MS],
    ] as const) {
      // Started long after the slots passed, so nothing but the stored slot can tell.
      const now = NIGHT + 2 * periodMs;
      const { isSilent } = silenceOf(t, expression, now);
      const answers = Array.from({ length: 20 }, () => isSilent(NIGHT, now));
      t.equal(answers.at(-1), true, expression);
      t.equal(isSilent(NIGHT, now + 5 * periodMs), true, 'and it stays so');
    }
  },
);

t.test(
  'Given a weekly job, when its slot was missed days ago, then it is still silent, not only on the day',
  async (t) => {
    const { isSilent } = silenceOf(t, '0 3 * * 5', NIGHT);
    for (let now = NIGHT; now < NIGHT + 7 * DAY_MS + LIMIT_MS; now += 6 * HOUR_MS) t.equal(isSilent(NIGHT, now), false);
    for (let day = 8; day < 20; day += 1) t.equal(isSilent(NIGHT, NIGHT + day * DAY_MS), true);
  },
);

t.test(
  'Given a table that never completed a slot, when one slot passes, then none was missed; when the second is 20 minutes old, then it is silent',
  async (t) => {
    const startedAt = NIGHT - 25 * MINUTE_MS;
    const { isSilent } = silenceOf(t, '0 * * * *', startedAt);
    t.equal(isSilent(null, startedAt), false);
    t.equal(isSilent(null, NIGHT + LIMIT_MS), false, 'the first one');
    t.equal(isSilent(null, NIGHT + HOUR_MS + LIMIT_MS - 1), false);
    t.equal(isSilent(null, NIGHT + HOUR_MS + LIMIT_MS), true);
    t.equal(isSilent(null, NIGHT + DAY_MS), true, 'for as long as nobody completes one');
    t.equal(isSilent(NIGHT + DAY_MS, NIGHT + DAY_MS + MINUTE_MS), false);
    const another = silenceOf(t, '0 * * * *', NIGHT + HOUR_MS);
    t.equal(another.isSilent(null, NIGHT + 2 * HOUR_MS + LIMIT_MS), false, 'a start begins anew');
    t.equal(another.isSilent(null, NIGHT + 3 * HOUR_MS + LIMIT_MS), true);
  },
);

t.test('Given a clock that was set back, when it is asked, then a slot of the future is not missed', async (t) => {
  const { isSilent } = silenceOf(t, '0 * * * *', NIGHT);
  t.equal(isSilent(NIGHT, NIGHT + 2 * HOUR_MS), true);
  t.equal(isSilent(NIGHT, NIGHT + HOUR_MS), false);
  t.equal(isSilent(NIGHT + DAY_MS, NIGHT), false);
});

t.test(
  'Given any gap, when it is asked often, then each answer costs little and each minute is matched once',
  async (t) => {
    const { isSilent, matched } = silenceOf(t, '0 3 1 1 *', NIGHT);
    const now = NIGHT + 20 * DAY_MS;
    let total = 0;
    for (let round = 0; round < 40; round += 1) {
      isSilent(NIGHT, now);
      const matches = matched();
      t.ok(matches <= 1_500);
      total += matches;
    }
    t.equal(total, (20 * DAY_MS - LIMIT_MS) / MINUTE_MS);
  },
);
