import { DemoError } from '../../src/lifecycle/errors.ts';
import type { StoreFaults } from './store-faults.ts';

/** A conditional write: when it may happen, what it does, and how its writer knows it afterwards. */
export interface ConditionalWrite {
  readonly holds: () => boolean;
  readonly apply: () => void;
  /** Asked when the condition failed: is what stands there our own earlier try? */
  readonly ours: () => boolean;
}

export interface MemoryConditions {
  read<T>(take: () => T): Promise<T>;
  /** True when the write took effect, in this try or in an earlier one. */
  write(write: ConditionalWrite): Promise<boolean>;
}

/** The AWS SDK's number of tries, so that a lost reply is followed by a repetition here as well. */
const TRIES = 3;

const unavailable = (fault: string): DemoError =>
  new DemoError('STORE_UNAVAILABLE', { cause: new Error(`simulated: ${fault}`) });

/** Reads and conditional writes that meet the given faults as a client with repetitions would. */
export const createMemoryConditions = (faults: StoreFaults): MemoryConditions => {
  // Every request waits one turn, as a real one does, so that concurrent callers do interleave.
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  const read = async <T>(take: () => T): Promise<T> => {
    await turn();
    const fault = faults.next('read');
    if (fault !== null) throw unavailable(fault);
    return take();
  };

  const write = async ({ holds, apply, ours }: ConditionalWrite): Promise<boolean> => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      await turn();
      const fault = faults.next('write');
      if (fault === 'throttle' || fault === 'down') throw unavailable(fault);
      const held = fault !== 'lose-request' && holds();
      if (held) apply();
      if (fault !== null) {
        await faults.meanwhile();
        continue;
      }
      // The other stores need a read to find out, and that read may fail on its own.
      return held || read(ours);
    }
    throw unavailable('no answer');
  };

  return { read, write };
};
