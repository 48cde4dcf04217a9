import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import t from 'tap';
import { MUTATIONS, type Mutation } from './mutations.ts';

/** The same seeds every time: whether the checker catches a defect must not depend on luck. */
const FIRST_SEED = 1;
/** Several times what the most hidden of them took. */
const MOST_RUNS = 500;

interface Caught {
  readonly what: string;
  readonly afterRuns: number;
}

const tryOut = (mutation: Mutation): Promise<Caught | null> => {
  const { promise, resolve, reject } = Promise.withResolvers<Caught | null>();
  const workerData = { mutation, firstSeed: FIRST_SEED, runs: MOST_RUNS };
  const worker = new Worker(new URL('./mutant-worker.ts', import.meta.url), { workerData });
  worker.once('message', resolve);
  worker.once('error', reject);
  return promise.finally(() => worker.terminate());
};

t.jobs = availableParallelism();

t.test(
  'Given the mutations, when they are counted, then there are enough of them, each with a name of its own',
  async (t) => {
    t.ok(MUTATIONS.length >= 10);
    t.equal(new Set(MUTATIONS.map(({ name }) => name)).size, MUTATIONS.length);
  },
);

for (const mutation of MUTATIONS) {
  t.test(`Given the defect that ${mutation.name}, when it is simulated, then it is caught`, async (t) => {
    const caught = await tryOut(mutation);
    t.ok(caught, `within ${MOST_RUNS} runs`);
    if (caught !== null) t.comment(`after ${caught.afterRuns} runs: ${caught.what}`);
  });
}
