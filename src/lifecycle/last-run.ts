import type { Clock, Recordings } from './ports.ts';
import type { Recording } from './recording.ts';
import { createSharedRead } from './shared-read.ts';

export interface LastRunDeps {
  readonly recordings: Recordings;
  /** What is shown as long as nothing is stored. */
  readonly sample: () => Promise<Recording>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** The last run that can be watched. */
export interface LastRun {
  /** The recording that is stored, else the sample. The same object while it is held. Throws STORE_UNAVAILABLE. */
  recording(): Promise<Recording>;
  /** Of which run a recording is stored; null while there is none, or that cannot be told. Never throws. */
  storedId(): Promise<string | null>;
  /** Stores a recording, which is seen here at once and elsewhere when what is held there has aged. */
  store(recording: Recording): Promise<void>;
}

/** However many watch, the item is read at most once in this time. It changes with the end of a run. */
const RECORDING_AGE_MS = 10_000;

/** Makes the shared read of the recording. */
export const createLastRun = ({ recordings, sample, clock }: LastRunDeps): LastRun => {
  const stored = createSharedRead(clock, RECORDING_AGE_MS, () => recordings.read());
  return {
    recording: async () => (await stored.get()) ?? sample(),
    storedId: async () => {
      try {
        return (await stored.get())?.id ?? null;
      } catch {
        // A list of runs is worth reading without knowing which of them can be watched.
        return null;
      }
    },
    store: async (recording) => {
      await recordings.store(recording);
      stored.drop();
    },
  };
};
