import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { Mutation } from './mutations.ts';

const ROOT = new URL('../../', import.meta.url);
const { mutation, firstSeed, runs } = workerData as {
  readonly mutation: Mutation;
  readonly firstSeed: number;
  readonly runs: number;
};
const mutated = new URL(mutation.file, ROOT).href;
const text = readFileSync(new URL(mutated), 'utf8');
if (text.split(mutation.find).length !== 2)
  throw new Error(`${mutation.file} does not have it exactly once: ${mutation.find}`);

// The file as it is on the disk stays; only this thread sees the other one.
registerHooks({
  load: (url, context, nextLoad) =>
    url === mutated
      ? { format: 'module-typescript', source: text.replace(mutation.find, () => mutation.replace), shortCircuit: true }
      : nextLoad(url, context),
});

const { generatePlan } = await import('./generate.ts');
const { runPlan } = await import('./run.ts');

const findViolation = async () => {
  for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
    const plan = generatePlan(seed);
    const { scene } = mutation;
    const played = scene === undefined ? plan : { ...plan, tasks: 2, skewsMs: [0, 0], incidents: scene };
    const { violation } = await runPlan(played);
    if (violation !== null) return { what: violation.what, afterRuns: seed - firstSeed + 1 };
  }
  return null;
};

parentPort?.postMessage(await findViolation());
