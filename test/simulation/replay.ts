import { generatePlan } from './generate.ts';
import { type Plan, START_AT } from './plan.ts';
import { type Outcome, runPlan } from './run.ts';
import { shrinkPlan } from './shrink.ts';

/** A plan as a person reads it: what is out of the ordinary, then what happened because of it. */
const toldPlan = ({ seed, tasks, skewsMs, incidents }: Plan): readonly string[] => [
  `seed ${seed}, ${tasks} task(s), clocks off by ${skewsMs.slice(0, tasks).join(', ')} ms`,
  ...incidents.map((incident) => `  ${JSON.stringify(incident)}`),
];

const traced = async (plan: Plan): Promise<{ readonly outcome: Outcome; readonly lines: readonly string[] }> => {
  const lines: string[] = [];
  const onTrace = (at: number, what: string): void => {
    lines.push(`  ${((at - START_AT) / 60_000).toFixed(3).padStart(10)} min  ${what}`);
  };
  return { outcome: await runPlan(plan, { onTrace }), lines };
};

/**
 * Plays one seed and tells it. If it breaks an invariant, the shortest plan that does so is told in its place.
 *
 * @returns whether nothing was broken
 */
export const replay = async (seed: number, say: (line: string) => void): Promise<boolean> => {
  const plan = generatePlan(seed);
  const { violation } = await runPlan(plan);
  const told = violation === null ? plan : await shrinkPlan(plan, violation.what);
  const { outcome, lines } = await traced(told);
  for (const line of [...toldPlan(told), '', ...lines, '']) say(line);
  if (violation === null) {
    say(`Nothing is broken: ${outcome.deployments} deployments, ${outcome.events} events.`);
    return true;
  }
  const left = `${told.incidents.length} of ${plan.incidents.length} incidents`;
  say(`BROKEN: ${outcome.violation?.what ?? violation.what} (${left})`);
  return false;
};
