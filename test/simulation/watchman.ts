import type { Deployment, Instant } from '../../src/lifecycle/deployment.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;
/** With everything in order, nothing exists for longer than this past its latest end. */
const HEALTHY_MS = 30 * MINUTE_MS;
/** Whatever happens to the server, the second destroyer has been there by then: its delay, three runs, and their time. */
const EVEN_WITHOUT_US_MS = (2 + 3 * 3 + 1) * 60 * MINUTE_MS;

/** When it should begin to go at the latest. */
const latestEnd = ({ goal, expiresAt, createdAt, policy }: Deployment): Instant => {
  const byTime = expiresAt ?? createdAt + policy.deployDeadlineMs;
  if (goal.direction === 'up') return byTime;
  // One that was found without a record is as old as it is, and could not go before it was found.
  return goal.reason === 'adopted_orphan' ? goal.since : Math.min(goal.since, byTime);
};

/** Looks around every minute: is anything there that should be gone by now? */
export const createWatchman = (world: World) => {
  const { events, invariants, cloud, gitlab, trouble, actors } = world;
  const built = new Set<string>();
  let troubledAt = events.now();

  const isTroubled = (): boolean =>
    trouble.isAnythingOut() ||
    gitlab.hasOddOneUnderWay() ||
    actors.every(({ isUp, pausedUntil }) => !isUp || pausedUntil > events.now());
  const isHard = (deployment: Deployment): boolean =>
    cloud.isHard(deployment.owner) || deployment.quarantinedAt !== null || deployment.nextAttemptAt !== null;

  const check = (deployment: Deployment): void => {
    if (isHard(deployment)) troubledAt = events.now();
    const dueAt = latestEnd(deployment);
    const now = events.now();
    if (now - Math.max(dueAt, troubledAt) > HEALTHY_MS) {
      invariants.break('something exists half an hour past its latest end, with everything in order');
    }
    const isBroken = trouble.isOut('second-destroyer-builds') || cloud.isHard(deployment.owner);
    if (isBroken) netTroubledAt = now;
    if (now - Math.max(deployment.hardEndAt, netTroubledAt) > EVEN_WITHOUT_US_MS) {
      invariants.break('the second destroyer has not ended it');
    }
  };
  let netTroubledAt = events.now();

  const look = (): void => {
    const held = invariants.held?.deployment;
    for (const id of cloud.existing()) built.add(id);
    if (isTroubled()) troubledAt = events.now();
    if (held !== undefined && cloud.exists(held.owner)) check(held);
    events.at(events.now() + MINUTE_MS, look);
  };
  look();
  return { builds: () => built.size };
};
