import { readFile } from 'node:fs/promises';
import { decodeRecording } from '../adapters/dynamodb-recording-item.ts';
import type { Recording } from '../lifecycle/recording.ts';

/** Made by scripts/make-sample-recording.js. */
const FILE = new URL('./sample-recording.gz', import.meta.url);

let held: Promise<Recording> | null = null;

const read = async (): Promise<Recording> => {
  try {
    return await decodeRecording(await readFile(FILE));
  } catch (error) {
    // The next one who asks tries again.
    held = null;
    throw error;
  }
};

/**
 * The recording that ships, a made-up run that is marked as a sample, to be watched until there is one of our own. It
 * is read when it is first asked for, so that a start does not wait for it, and then held.
 */
export const sampleRecording = (): Promise<Recording> => {
  held ??= read();
  return held;
};
