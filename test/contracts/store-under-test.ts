import type { Test } from 'tap';
import { isDemoError } from '../../src/lifecycle/errors.ts';
import type { StoreFaults } from '../fakes/store-faults.ts';

/** A store that is empty, and the switchboard for what goes wrong on the way to it. */
export interface StoreUnderTest<Store> {
  readonly store: Store;
  readonly faults: StoreFaults;
}

export type MakeStore<Store> = () => Promise<StoreUnderTest<Store>>;

/** The operation fails with the one error that every store has for "cannot be reached". */
export const rejectsAsUnavailable = async (t: Test, operation: Promise<unknown>, message: string): Promise<void> => {
  try {
    await operation;
    t.fail(`${message}: it answered`);
  } catch (error) {
    t.ok(isDemoError(error, 'STORE_UNAVAILABLE'), message);
    t.ok(error instanceof Error && error.cause instanceof Error, `${message}, with its cause`);
  }
};
