import t from 'tap';
import { createTokenBucketStore } from '../../src/routes/token-bucket-store.ts';

type Answer = { current: number; ttl: number };

const storeAt = (clock: { now: number }, maxClients = 100) => {
  const Store = createTokenBucketStore({ monotonicMs: () => clock.now, fillMs: 2_000, maxClients });
  const store = new Store({});
  const take = (key: string, max = 10): Answer | undefined => {
    let answer: Answer | undefined;
    store.incr(
      key,
      (_error, result) => {
        answer = result;
      },
      1_000,
      max,
    );
    return answer;
  };
  return { store, take };
};

t.test(
  'Given a client, When it counts up to the burst, Then the next is one above it with the time to wait',
  async (t) => {
    const { take } = storeAt({ now: 0 });
    t.same(take('a'), { current: 1, ttl: 200 });
    for (let index = 0; index < 8; index += 1) take('a');
    t.same(take('a'), { current: 10, ttl: 2_000 });
    t.same(take('a'), { current: 11, ttl: 200 });
    t.same(take('b'), { current: 1, ttl: 200 }, 'another client has a bucket of its own');
  },
);

t.test('Given more clients than are remembered, When one comes, Then the longest unseen is forgotten', async (t) => {
  const { take } = storeAt({ now: 0 }, 2);
  take('first', 1);
  take('second', 1);
  t.equal(take('first', 1)?.current, 2, 'seen again, so it is not the oldest');
  take('third', 1);
  t.equal(take('first', 1)?.current, 2, 'still remembered');
  t.equal(take('second', 1)?.current, 1, 'forgotten');
});

t.test('Given a child store, When its parent is exhausted, Then its own buckets are full', async (t) => {
  const { store, take } = storeAt({ now: 0 });
  for (let index = 0; index < 11; index += 1) take('a');
  const child = store.child({ method: 'GET', url: '/', path: '/', prefix: '', handler: () => undefined });
  child.incr('a', (_error, result) => t.equal(result?.current, 1), 1_000, 10);
});

t.test('Given a wait below a millisecond, When refused, Then the wait is never nothing', async (t) => {
  const Store = createTokenBucketStore({ monotonicMs: () => 0, fillMs: 0.01, maxClients: 1 });
  const store = new Store({});
  store.incr('a', () => undefined, 1_000, 1);
  store.incr('a', (_error, result) => t.ok(result !== undefined && result.ttl >= 1), 1_000, 1);
});
