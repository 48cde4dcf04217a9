import type { Deployment, Instant } from '../../src/lifecycle/deployment.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;
/** With everything in order, nothing exists for longer than this past its latest end. */
const HEALTHY_MS = 30 * MINUTE_MS;
/** Beyond the policy's own time: a clock that is off, a crash, a look that takes long. */
const IDLE_MS = 10 * MINUTE_MS;
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
  const { events, invariants, cloud, gitlab, schedules, trouble, actors } = world;
  const built = new Set<string>();
  let troubledAt = events.now();
  let idleSince = events.now();
  let holder: { readonly id: string; readonly since: Instant } | null = null;

  const isTroubled = (): boolean =>
    trouble.isAnythingOut() ||
    gitlab.hasOddOneUnderWay() ||
    actors.every(({ isUp, pausedUntil }) => !isUp || pausedUntil > events.now());
  const isHard = (deployment: Deployment): boolean =>
    cloud.isHard(deployment.owner) || deployment.quarantinedAt !== null || deployment.nextAttemptAt !== null;

  /** On the way down something is always done about it within a time, also while GitLab cannot be asked. */
  const checkEffort = (deployment: Deployment): void => {
    const now = events.now();
    const { goal, policy, hastenedAt, quarantinedAt, owner } = deployment;
    // One that waits for a runner is an effort for as long as it may start.
    const isDestroyed = gitlab.of(owner).some(({ request, state, createdAt }) => {
      const mayStart = state === 'waiting' && now - createdAt <= policy.startDeadlineMs + policy.clockMarginMs;
      return request.direction === 'destroy' && (state === 'running' || mayStart);
    });
    const isImpossible =
      goal.direction === 'up' ||
      quarantinedAt !== null ||
      trouble.isOut('store') ||
      trouble.isOut('odd-statuses') ||
      trouble.isOut('second-destroyer') ||
      actors.every(({ isUp, pausedUntil }) => !isUp || pausedUntil > now);
    if (isDestroyed || isImpossible) idleSince = now;
    // The wait for the next attempt may be over when GitLab begins to be out of reach, and that has its own time.
    const mostIdleMs = Math.max(...policy.attemptWaitsMs) + policy.hastenAfterMs + IDLE_MS;
    if (now - Math.max(idleSince, hastenedAt ?? 0) > mostIdleMs) {
      invariants.break('it goes down, and nobody has tried to destroy it for too long');
    }
  };

  const check = (deployment: Deployment): void => {
    checkEffort(deployment);
    if (isHard(deployment)) troubledAt = events.now();
    const now = events.now();
    if (deployment.owner !== holder?.id) holder = { id: deployment.owner, since: now };
    // Who stood still while it took the lock decided earlier than it could begin.
    const dueAt = Math.max(latestEnd(deployment), holder.since);
    if (now - Math.max(dueAt, troubledAt) > HEALTHY_MS) {
      invariants.break('something exists half an hour past its latest end, with everything in order');
    }
    // What somebody builds by hand before it is armed has no net.
    const isArmed = schedules.armed().includes(deployment.owner);
    const isBroken = !isArmed || trouble.isOut('second-destroyer-builds') || cloud.isHard(deployment.owner);
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
    else idleSince = events.now();
    events.at(events.now() + MINUTE_MS, look);
  };
  look();
  return { builds: () => built.size };
};
