import type { Clock, DeploymentReader, LedgerPage, LedgerQuery } from './ports.ts';
import type { Tombstone } from './tombstone.ts';

/** What is gone hardly ever changes: only something that turns up again after its proof gets another tombstone. */
const TOMBSTONE_AGE_MS = 10_000;
const LEDGER_AGE_MS = 2_000;
/** So many of each are held; the one that was read first goes first. */
const MOST_HELD = 100;

/** Values by a key, each read at most once per age and by one caller at a time. */
const createHeld = <T>(clock: Pick<Clock, 'monotonicMs'>, ageMs: number) => {
  const held = new Map<string, { readonly at: number; readonly value: Promise<T> }>();
  const forget = (key: string): void => {
    held.delete(key);
  };
  return (key: string, read: () => Promise<T>, isKept: (value: T) => boolean): Promise<T> => {
    const standing = held.get(key);
    if (standing !== undefined && clock.monotonicMs() - standing.at < ageMs) return standing.value;
    forget(key);
    const value = read();
    held.set(key, { at: clock.monotonicMs(), value });
    const [oldest] = held.keys();
    if (held.size > MOST_HELD && oldest !== undefined) forget(oldest);
    value.then(
      (found) => {
        if (!isKept(found) && held.get(key)?.value === value) forget(key);
      },
      () => {
        if (held.get(key)?.value === value) forget(key);
      },
    );
    return value;
  };
};

/**
 * Makes the reader of those who only watch: however many look at one tombstone or at one page of the ledger, the store
 * is asked once. Nothing is decided from it. What is not found is not held, since it may come to be.
 */
export const createSharedReader = (reader: DeploymentReader, clock: Pick<Clock, 'monotonicMs'>): DeploymentReader => {
  const tombstones = createHeld<Tombstone | null>(clock, TOMBSTONE_AGE_MS);
  const pages = createHeld<LedgerPage>(clock, LEDGER_AGE_MS);
  const keyOf = ({ limit, before }: LedgerQuery): string => `${limit} ${before?.createdAt ?? ''} ${before?.id ?? ''}`;
  return {
    active: () => reader.active(),
    tombstone: (id) =>
      tombstones(
        id,
        () => reader.tombstone(id),
        (found) => found !== null,
      ),
    ledger: (query) =>
      pages(
        keyOf(query),
        () => reader.ledger(query),
        () => true,
      ),
  };
};
