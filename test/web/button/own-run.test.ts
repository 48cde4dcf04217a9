import t from 'tap';
import { browserModule } from './browser-module.ts';

interface Run {
  readonly id: string;
  readonly token: string;
  readonly startedAt: number;
}

interface OwnRun {
  keep(run: Run): void;
  current(runningId: string | null, now: number): Run | null;
}

const { createOwnRun } = await browserModule<{
  createOwnRun(server: string, storeOf: () => unknown): OwnRun;
}>('own-run.js');

const SERVER = 'https://demo.example';
const RUN: Run = { id: 'run-1', token: 'secret-1', startedAt: 1_000 };

const memory = () => {
  const items = new Map<string, string>();
  return {
    items,
    store: {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
      removeItem: (key: string) => void items.delete(key),
    },
  };
};

t.test('given a run of its own, when the page is loaded again, then it is still known', async (t) => {
  const { store } = memory();
  createOwnRun(SERVER, () => store).keep(RUN);
  t.same(createOwnRun(SERVER, () => store).current('run-1', 9_000_000), RUN);
  t.equal(
    createOwnRun('https://other.example', () => store).current('run-1', 9_000_000),
    null,
    'but to its server only',
  );
});

t.test('given a run that is over, when something else or nothing runs, then its token is dropped', async (t) => {
  for (const running of ['run-2', null]) {
    const { store, items } = memory();
    const own = createOwnRun(SERVER, () => store);
    own.keep(RUN);
    t.same(own.current(running, 10_999), RUN, 'a server may not have heard of it for ten seconds');
    t.same(own.current(running, -99_999), RUN, 'and what it said before says nothing');
    t.equal(own.current(running, 11_000), null);
    t.equal(items.size, 0);
    t.equal(own.current('run-1', 12_000), null, 'and it does not come back');
  }
});

t.test(
  'given a browser that refuses storage, when a run is started, then it is known as long as the page',
  async (t) => {
    const own = createOwnRun(SERVER, () => {
      throw new Error('storage is off');
    });
    t.equal(own.current(null, 0), null);
    own.keep(RUN);
    t.same(own.current('run-1', 99_999), RUN);
    t.equal(own.current(null, 99_999), null);
  },
);

t.test('given rubbish in the storage, when it is read, then it is no run', async (t) => {
  for (const text of [
    '',
    '{',
    'null',
    '7',
    '[]',
    '{"id":1}',
    '{"id":"a","token":"b"}',
    '{"id":"a","token":null,"startedAt":1}',
  ]) {
    const own = createOwnRun(SERVER, () => ({ ...memory().store, getItem: () => text }));
    t.equal(own.current('a', 0), null, text);
  }
});
