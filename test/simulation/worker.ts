import { parentPort } from 'node:worker_threads';
import { runBatch } from './batch.ts';

/** Plays the batches it is given, each by its first seed and its size. */
parentPort?.on('message', async ({ firstSeed, runs }: { readonly firstSeed: number; readonly runs: number }) => {
  parentPort?.postMessage(await runBatch(firstSeed, runs));
});
