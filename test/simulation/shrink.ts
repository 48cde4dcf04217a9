import type { Plan } from './plan.ts';
import { runPlan } from './run.ts';

/** Ids, numbers and versions differ from plan to plan and say nothing about what went wrong. */
export const kindOfViolation = (what: string): string =>
  what.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'a deployment').replace(/\d+/g, 'n');

const MOST_TRIES = 2_000;

/**
 * Leaves out of a plan whatever is not needed to break the same invariant: incidents one at a time and in halves,
 * tasks, and the differences of their clocks. The answer breaks it as well, and is the shortest that was found.
 */
export const shrinkPlan = async (plan: Plan, what: string): Promise<Plan> => {
  const wanted = kindOfViolation(what);
  let shortest = plan;
  let tries = 0;

  const isKept = async (candidate: Plan): Promise<boolean> => {
    tries += 1;
    const { violation } = await runPlan(candidate);
    if (violation === null || kindOfViolation(violation.what) !== wanted) return false;
    shortest = candidate;
    return true;
  };

  const leaveOut = async (size: number): Promise<boolean> => {
    let hasShrunk = false;
    for (let from = shortest.incidents.length - size; from > -size && tries < MOST_TRIES; from -= size) {
      const start = Math.max(0, from);
      const incidents = shortest.incidents.toSpliced(start, Math.min(size, from + size));
      if (await isKept({ ...shortest, incidents })) hasShrunk = true;
    }
    return hasShrunk;
  };

  await isKept({ ...shortest, skewsMs: shortest.skewsMs.map(() => 0) });
  for (let size = Math.ceil(shortest.incidents.length / 2); size > 1; size = Math.ceil(size / 2)) await leaveOut(size);
  while (tries < MOST_TRIES && (await leaveOut(1))) {
    // Leaving out one may make another superfluous.
  }
  for (let tasks = 1; tasks < shortest.tasks; tasks += 1) if (await isKept({ ...shortest, tasks })) break;
  return shortest;
};
