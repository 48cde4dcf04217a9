import t from 'tap';
import { createRefusalQueue } from '../../src/routes/refusal-queue.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const queueOf = (count: number) => {
  const later = createRefusalQueue();
  const told: number[] = [];
  for (let number = 0; number < count; number += 1) later(() => told.push(number));
  return { later, told };
};

t.test('Given many who are refused at once, When turns go by, Then 25 are told in each, in their order', async (t) => {
  const { told } = queueOf(60);
  t.same(told, [], 'none in the turn in which they came');
  const after: number[] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    await nextTurn();
    after.push(told.length);
  }
  t.same(after, [25, 50, 60, 60]);
  t.same(
    told,
    Array.from({ length: 60 }, (_, number) => number),
  );
});

t.test('Given a thousand who wait, When one more comes, Then it is told at once', async (t) => {
  t.same(queueOf(1_000).told, []);
  t.same(queueOf(1_001).told, [1_000]);
});

t.test('Given one who comes while others are told, When the next turn comes, Then it is told, too', async (t) => {
  const { later, told } = queueOf(1);
  later(() => later(() => told.push(99)));
  await nextTurn();
  t.same(told, [0]);
  await nextTurn();
  t.same(told, [0, 99]);
  later(() => told.push(100));
  await nextTurn();
  t.same(told, [0, 99, 100], 'and whoever comes after a pause');
});
