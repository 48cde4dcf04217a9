import { generatePlan } from './generate.ts';
import { runPlan } from './run.ts';

/** What a number of plans came to. */
export interface Figures {
  readonly runs: number;
  readonly deployments: number;
  readonly builds: number;
  readonly quarantined: number;
  readonly requests: number;
  readonly events: number;
  readonly virtualHours: number;
  /** How often each rule of the ladder led to a step that is written down. */
  readonly steps: Readonly<Record<string, number>>;
  readonly failed: readonly { readonly seed: number; readonly what: string }[];
}

export const NO_FIGURES: Figures = {
  runs: 0,
  deployments: 0,
  builds: 0,
  quarantined: 0,
  requests: 0,
  events: 0,
  virtualHours: 0,
  steps: {},
  failed: [],
};

const HOUR_MS = 3_600_000;

const summed = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> => {
  const sum: Record<string, number> = { ...a };
  for (const [key, value] of Object.entries(b)) sum[key] = (sum[key] ?? 0) + value;
  return sum;
};

/** The figures of two batches together. */
export const joinFigures = (a: Figures, b: Figures): Figures => ({
  runs: a.runs + b.runs,
  deployments: a.deployments + b.deployments,
  builds: a.builds + b.builds,
  quarantined: a.quarantined + b.quarantined,
  requests: a.requests + b.requests,
  events: a.events + b.events,
  virtualHours: a.virtualHours + b.virtualHours,
  steps: summed(a.steps, b.steps),
  failed: [...a.failed, ...b.failed],
});

/** Plays the plans of so many seeds, one after the other. */
export const runBatch = async (firstSeed: number, runs: number): Promise<Figures> => {
  let figures = NO_FIGURES;
  const steps: Record<string, number> = {};
  const onStep = (reason: string): void => {
    steps[reason] = (steps[reason] ?? 0) + 1;
  };
  for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
    const outcome = await runPlan(generatePlan(seed), { onStep });
    figures = joinFigures(figures, {
      runs: 1,
      deployments: outcome.deployments,
      builds: outcome.builds,
      quarantined: outcome.quarantined ? 1 : 0,
      requests: outcome.requests,
      events: outcome.events,
      virtualHours: outcome.virtualMs / HOUR_MS,
      steps: {},
      failed: outcome.violation === null ? [] : [{ seed, what: outcome.violation.what }],
    });
  }
  return { ...figures, steps };
};
