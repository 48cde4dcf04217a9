import type { createStores } from './compose-stores.ts';
import { createLastRun } from './lifecycle/last-run.ts';
import type { Clock, EventLog } from './lifecycle/ports.ts';
import { createRecorder } from './lifecycle/recorder.ts';
import { sampleRecording } from './local/sample-recording.ts';

/** Builds what keeps the last run to be watched again, and what shows it. */
export const createRecording = (
  { recordings, logStore }: Pick<ReturnType<typeof createStores>, 'recordings' | 'logStore'>,
  clock: Clock,
  log: EventLog,
) => {
  const lastRun = createLastRun({ recordings, sample: sampleRecording, clock });
  // Stored through what shows it, so that here it is seen at once.
  const recorder = createRecorder({ logs: logStore, recordings: lastRun, clock, log });
  return { lastRun, recorder };
};
