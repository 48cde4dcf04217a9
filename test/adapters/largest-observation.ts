import { NOTHING_OBSERVED, type Observation, type ObservedPipeline } from '../../src/lifecycle/observation.ts';

/** Longer than any bound, and of characters that take three bytes each. */
const LONG = '€'.repeat(5_000);

const MANY = 500;

const LATE = 4_102_444_800_000;

export const largestPipeline: ObservedPipeline = {
  id: 2 ** 40,
  name: LONG,
  status: LONG,
  terminal: false,
  sha: LONG,
  webUrl: `https://gitlab.example/${'p'.repeat(1_000)}`,
  createdAt: LATE,
  startedAt: LATE,
  finishedAt: LATE,
  jobs: Array.from({ length: MANY }, (_, index) => ({
    id: 2 ** 40 + index,
    name: LONG,
    stage: LONG,
    state: 'succeeded',
    startedAt: LATE,
    finishedAt: LATE,
    failureReason: LONG,
  })),
};

/** Everything that can be seen, at once and beyond every bound. */
export const largestObservation: Observation = {
  ...NOTHING_OBSERVED,
  look: { pipelineId: 1, at: LATE, pipeline: largestPipeline },
  applyPipeline: largestPipeline,
  destroyPipeline: largestPipeline,
  listing: {
    at: LATE,
    pipelines: Array.from({ length: MANY }, (_, index) => ({
      id: 2 ** 40 + index,
      direction: 'destroy',
      requestId: LONG,
      terminal: true,
      running: false,
      sha: LONG,
      webUrl: `https://gitlab.example/${'p'.repeat(1_000)}`,
    })),
  },
  outputs: { at: LATE, url: LONG, problem: LONG },
  readings: Array.from({ length: MANY }, () => ({
    at: LATE,
    answer: 'leftovers',
    count: MANY,
    detail: Array.from({ length: MANY }, () => LONG),
    pipelinesQuiet: false,
    deletingSince: null,
  })),
};
