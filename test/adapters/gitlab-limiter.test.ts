import t from 'tap';
import { GitlabFailure } from '../../src/adapters/gitlab-failure.ts';
import { createGitlabLimiter } from '../../src/adapters/gitlab-limiter.ts';
import { createTestClock, failureOf } from './gitlab-world.ts';

const START = Date.parse('2026-11-20T09:00:00Z');

const setUp = () => {
  const time = createTestClock(START);
  return { ...time, limiter: createGitlabLimiter({ clock: time.clock, wait: time.wait }) };
};

const enterAndLeave = async (limiter: ReturnType<typeof createGitlabLimiter>, maxWaitMs = 10_000): Promise<void> => {
  const leave = await limiter.enter(maxWaitMs);
  leave();
};

const quota = (remaining: number, resetInSeconds: number, limit = 2_000) => ({
  'ratelimit-limit': String(limit),
  'ratelimit-remaining': String(remaining),
  'ratelimit-reset': String(START / 1_000 + resetInSeconds),
});

t.test('Given a burst, when it is over, then requests are a tenth of a second apart', async (t) => {
  const { limiter, waits, clock } = setUp();
  for (let sent = 0; sent < 20; sent += 1) await enterAndLeave(limiter);
  t.same(waits, [], 'twenty at once');
  await enterAndLeave(limiter);
  t.same(waits, [100]);
  for (let sent = 0; sent < 10; sent += 1) await enterAndLeave(limiter);
  t.equal(clock.monotonicMs(), 1_100);
});

t.test('Given eight that have not left, when another comes, then it waits for one of them', async (t) => {
  const { limiter } = setUp();
  const leaves = await Promise.all(Array.from({ length: 8 }, () => limiter.enter(1_000)));
  let entered = false;
  const ninth = limiter.enter(1_000).then((leave) => {
    entered = true;
    return leave;
  });
  await Promise.resolve();
  t.equal(entered, false);
  leaves[0]?.();
  (await ninth)();
  t.equal(entered, true);
  for (const leave of leaves.slice(1)) leave();
  const again = await Promise.all(Array.from({ length: 8 }, () => limiter.enter(1_000)));
  t.equal(again.length, 8, 'every place is free again');
});

t.test('Given its turn comes only after its time, when it waited in line, then it is not sent', async (t) => {
  const { limiter, pass } = setUp();
  const leaves = await Promise.all(Array.from({ length: 8 }, () => limiter.enter(1_000)));
  const inTime = limiter.enter(1_000);
  const late = limiter.enter(999);
  pass(1_000);
  leaves[0]?.();
  leaves[1]?.();
  (await inTime)();
  const error = await failureOf(late);
  t.ok(error instanceof GitlabFailure && error.kind === 'not_sent');
  await enterAndLeave(limiter);
});

t.test('Given two hundred in line, when one more comes, then it is turned away', async (t) => {
  const { limiter, pass } = setUp();
  const leaves = await Promise.all(Array.from({ length: 8 }, () => limiter.enter(1_000)));
  const line = Array.from({ length: 200 }, () =>
    limiter.enter(1_000).then(
      (leave) => leave(),
      () => {},
    ),
  );
  const error = await failureOf(limiter.enter(1_000));
  t.match(error.message, /too many/);
  pass(60_000);
  for (const leave of leaves) leave();
  await Promise.all(line);
  await enterAndLeave(limiter);
});

t.test('Given a pause, when it ends within the wait, then it is waited for, else refused', async (t) => {
  const { limiter, waits } = setUp();
  limiter.pause(4_000);
  const error = await failureOf(limiter.enter(3_999));
  t.ok(error instanceof GitlabFailure && error.kind === 'not_sent');
  await enterAndLeave(limiter, 4_000);
  t.same(waits, [4_000]);
});

t.test('Given a pause of an hour, when a minute is over, then it is asked again', async (t) => {
  const { limiter, pass } = setUp();
  limiter.pause(3_600_000);
  pass(59_999);
  t.match(await failureOf(limiter.enter(0)), { kind: 'not_sent' });
  pass(1);
  await enterAndLeave(limiter, 0);
});

t.test('Given a fifth of the quota or more is left, then nothing is slowed', async (t) => {
  const { limiter, waits } = setUp();
  limiter.learn(quota(400, 60));
  await enterAndLeave(limiter);
  await enterAndLeave(limiter);
  t.same(waits, []);
});

t.test('Given less than a fifth of the quota, then what is left is spread until it is renewed', async (t) => {
  const { limiter, waits, pass } = setUp();
  limiter.learn(quota(39, 39, 200));
  await enterAndLeave(limiter);
  await enterAndLeave(limiter);
  await enterAndLeave(limiter);
  t.same(waits, [1_000, 1_000]);
  pass(60_000);
  await enterAndLeave(limiter);
  await enterAndLeave(limiter);
  t.equal(waits.length, 2, 'and no longer');
});

t.test(
  'Given nothing left of the quota, then no wait is longer than five seconds, whatever the clocks say',
  async (t) => {
    for (const resetInSeconds of [86_400, -86_400]) {
      const { limiter, waits } = setUp();
      limiter.learn(quota(0, resetInSeconds));
      await enterAndLeave(limiter);
      await enterAndLeave(limiter);
      t.same(waits, [resetInSeconds > 0 ? 5_000 : 1_000]);
    }
  },
);

t.test('Given the quota is fine again or unreadable, then it is believed or ignored', async (t) => {
  const { limiter, waits } = setUp();
  limiter.learn(quota(0, 60));
  limiter.learn({});
  limiter.learn({ 'ratelimit-limit': '0', 'ratelimit-remaining': 'many', 'ratelimit-reset': '-1' });
  await enterAndLeave(limiter);
  await enterAndLeave(limiter);
  t.same(waits, [5_000], 'still slow');
  limiter.learn(quota(1_999, 60));
  await enterAndLeave(limiter);
  t.same(waits.length, 1);
});
