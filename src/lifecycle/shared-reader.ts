import type { Clock, DeploymentReader, LedgerPage, LedgerQuery } from './ports.ts';
import { createSharedRead, type SharedRead } from './shared-read.ts';
import type { Tombstone } from './tombstone.ts';

/** What is gone hardly ever changes: only something that turns up again after its proof gets another tombstone. */
const TOMBSTONE_AGE_MS = 10_000;
const LEDGER_AGE_MS = 2_000;
/** So many of each are held; the one that was read first goes first. */
const MOST_HELD = 100;

/** A shared read for each key; the one that was asked for first goes first. */
const createSharedReads = <T>(clock: Pick<Clock, 'monotonicMs'>, ageMs: number) => {
  const held = new Map<string, SharedRead<T>>();
  const get = (key: string, read: () => Promise<T>): Promise<T> => {
    const shared = held.get(key) ?? createSharedRead(clock, ageMs, read);
    held.set(key, shared);
    const [oldest] = held.keys();
    if (held.size > MOST_HELD && oldest !== undefined) held.delete(oldest);
    return shared.get();
  };
  const forget = (key: string): void => {
    held.delete(key);
  };
  return { get, forget };
};

/**
 * Makes the reader of those who only watch: however many look at one tombstone or at one page of the ledger, the store
 * is asked once. Nothing is decided from it. What is not found is not held, since it may come to be.
 */
export const createSharedReader = (reader: DeploymentReader, clock: Pick<Clock, 'monotonicMs'>): DeploymentReader => {
  const tombstones = createSharedReads<Tombstone | null>(clock, TOMBSTONE_AGE_MS);
  const pages = createSharedReads<LedgerPage>(clock, LEDGER_AGE_MS);
  const keyOf = ({ limit, before }: LedgerQuery): string => `${limit} ${before?.createdAt ?? ''} ${before?.id ?? ''}`;
  return {
    active: () => reader.active(),
    tombstone: async (id) => {
      const found = await tombstones.get(id, () => reader.tombstone(id));
      if (found === null) tombstones.forget(id);
      return found;
    },
    ledger: (query) => pages.get(keyOf(query), () => reader.ledger(query)),
  };
};
