import fc from 'fast-check';
import t from 'tap';
import { type Bucket, takeToken } from '../../src/routes/token-bucket.ts';

const SIZE = { burst: 10, fillMs: 2_000 };

/** Takes so many at one time and answers with how many passed. */
const takeMany = (bucket: Bucket | undefined, count: number, now: number, size = SIZE) => {
  let current = bucket;
  let passed = 0;
  for (let index = 0; index < count; index += 1) {
    const taken = takeToken(current, size, now);
    current = taken.bucket;
    if (taken.allowed) passed += 1;
  }
  return { bucket: current, passed };
};

t.test('Given a new bucket, When the burst is taken, Then the one after it is refused and told to wait', async (t) => {
  const { bucket, passed } = takeMany(undefined, 10, 0);
  t.equal(passed, 10);
  const refused = takeToken(bucket, SIZE, 0);
  t.match(refused, { allowed: false, remaining: 0, waitMs: 200, fullMs: 2_000 });
});

t.test('Given an empty bucket, When just less than a token’s time has passed, Then nothing passes', async (t) => {
  const { bucket } = takeMany(undefined, 10, 0);
  t.equal(takeToken(bucket, SIZE, 199).allowed, false);
  t.equal(takeToken(bucket, SIZE, 200).allowed, true);
});

t.test('Given an empty bucket, When a second has passed, Then exactly five pass', async (t) => {
  const { bucket } = takeMany(undefined, 11, 0);
  t.equal(takeMany(bucket, 20, 1_000).passed, 5);
});

t.test('Given refused requests, When they are repeated, Then they cost nothing', async (t) => {
  const { bucket } = takeMany(undefined, 1_000, 0);
  t.equal(takeToken(bucket, SIZE, 200).allowed, true);
});

t.test('Given a full bucket, When much time passes, Then it holds no more than the burst', async (t) => {
  const { bucket } = takeMany(undefined, 1, 0);
  t.equal(takeMany(bucket, 30, 1e12).passed, 10);
});

t.test('Given a clock that went back, When a token is taken, Then nothing is added', async (t) => {
  const { bucket } = takeMany(undefined, 10, 5_000);
  const earlier = takeToken(bucket, SIZE, 0);
  t.equal(earlier.allowed, false);
  t.equal(takeToken(earlier.bucket, SIZE, 5_000).allowed, false);
});

t.test('Given rates up to a million, When the burst is taken, Then exactly the burst passes', async (t) => {
  const size = { burst: 1_000_000, fillMs: 1_000 };
  const { bucket, passed } = takeMany(undefined, 1_000_001, 0, size);
  t.equal(passed, 1_000_000);
  t.equal(takeMany(bucket, 2_000, 1, size).passed, 1_000);
  t.equal(takeMany(undefined, 12, 0, { burst: 10, fillMs: 0.01 }).passed, 10, 'a rate far above the burst');
});

t.test('Given any times, When requests come, Then no more pass than the burst and the rate allow', async (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 10_000 }),
      fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 200 }),
      (burst, fillMs, gaps) => {
        let bucket: Bucket | undefined;
        let now = 0;
        let passed = 0;
        for (const gap of gaps) {
          now += gap;
          const taken = takeToken(bucket, { burst, fillMs }, now);
          bucket = taken.bucket;
          if (taken.allowed) passed += 1;
          // Whoever waits as long as he was told is let in.
          else if (!takeToken(bucket, { burst, fillMs }, now + taken.waitMs).allowed) return false;
        }
        const start = gaps[0] ?? 0;
        return passed <= burst + ((now - start) * burst) / fillMs + 1e-9;
      },
    ),
  );
  t.pass('held for every sequence');
});
