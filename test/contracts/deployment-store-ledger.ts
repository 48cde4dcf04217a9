import { randomUUID } from 'node:crypto';
import type { Test } from 'tap';
import { LEDGER_PAGE_MAX } from '../../src/adapters/store-bounds.ts';
import type { DeploymentStore, LedgerPosition } from '../../src/lifecycle/ports.ts';
import { SAMPLE_START, sampleRecord, sampleTombstone } from '../fakes/sample-records.ts';
import type { MakeStore } from './store-under-test.ts';

/** Made-up ids whose order is known: 0, 1, 2 … */
const idOf = (index: number): string => `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`;

const pagesOf = async (store: DeploymentStore, limit: number): Promise<string[][]> => {
  const pages: string[][] = [];
  let before: LedgerPosition | null = null;
  do {
    const page = await store.ledger({ limit, before });
    pages.push(page.tombstones.map(({ id }) => id));
    before = page.next;
  } while (before !== null);
  return pages;
};

/** Newest first, page by page, without gaps or repetitions. */
export const defineLedgerContract = (t: Test, make: MakeStore<DeploymentStore>): void => {
  t.test('given no history, when the ledger is read, then it is empty, also while one runs', async (t) => {
    const { store } = await make();
    await store.acquire(sampleRecord(randomUUID()));
    t.strictSame(await store.ledger({ limit: 10, before: null }), { tombstones: [], next: null });
  });

  t.test('given history, when the ledger is read, then it is newest first and whole', async (t) => {
    const { store } = await make();
    const tombstones = [0, 1, 2].map((index) => sampleTombstone(idOf(index), { createdAt: SAMPLE_START + index }));
    for (const tombstone of tombstones) await store.archive(tombstone);
    const page = await store.ledger({ limit: 10, before: null });
    t.strictSame(page, { tombstones: tombstones.toReversed(), next: null });
  });

  t.test('given equal times, when the ledger is paged, then the id orders and nothing is lost', async (t) => {
    const { store } = await make();
    for (const index of [3, 0, 4, 1, 2]) await store.archive(sampleTombstone(idOf(index)));
    t.strictSame(await pagesOf(store, 2), [[idOf(4), idOf(3)], [idOf(2), idOf(1)], [idOf(0)]]);
    t.strictSame(await pagesOf(store, 1), [[idOf(4)], [idOf(3)], [idOf(2)], [idOf(1)], [idOf(0)]]);
    t.strictSame(await pagesOf(store, 5), [[idOf(4), idOf(3), idOf(2), idOf(1), idOf(0)]], 'no empty last page');
  });

  t.test('given times of other lengths, when the ledger is read, then the order is by time', async (t) => {
    const { store } = await make();
    const times = [0, 999, 1_000, SAMPLE_START];
    for (const [index, createdAt] of times.entries()) await store.archive(sampleTombstone(idOf(index), { createdAt }));
    t.strictSame(await pagesOf(store, 10), [[idOf(3), idOf(2), idOf(1), idOf(0)]]);
  });

  t.test('given a page was read, when newer history comes, then the next page goes on where it was', async (t) => {
    const { store } = await make();
    for (const index of [0, 1, 2]) {
      await store.archive(sampleTombstone(idOf(index), { createdAt: SAMPLE_START + index }));
    }
    const first = await store.ledger({ limit: 2, before: null });
    await store.archive(sampleTombstone(idOf(9), { createdAt: SAMPLE_START + 9 }));
    const second = await store.ledger({ limit: 2, before: first.next });
    t.strictSame(
      second.tombstones.map(({ id }) => id),
      [idOf(0)],
    );
  });

  t.test('given a position that nobody holds, when the ledger is read from it, then it starts below it', async (t) => {
    const { store } = await make();
    for (const index of [0, 2]) await store.archive(sampleTombstone(idOf(index)));
    const page = await store.ledger({ limit: 2, before: { createdAt: SAMPLE_START, id: idOf(1) } });
    t.strictSame(
      page.tombstones.map(({ id }) => id),
      [idOf(0)],
    );
  });

  t.test('given a limit out of range, when the ledger is read, then the page is as near as allowed', async (t) => {
    const { store } = await make();
    for (let index = 0; index <= LEDGER_PAGE_MAX; index += 1) await store.archive(sampleTombstone(idOf(index)));
    t.equal((await store.ledger({ limit: 0, before: null })).tombstones.length, 1);
    t.equal((await store.ledger({ limit: LEDGER_PAGE_MAX, before: null })).tombstones.length, LEDGER_PAGE_MAX);
    t.equal((await store.ledger({ limit: 10_000, before: null })).tombstones.length, LEDGER_PAGE_MAX);
  });
};
