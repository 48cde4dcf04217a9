import type { Controller } from './controller.ts';
import type { Deployment, Instant, Policy } from './deployment.ts';
import { DemoError, isDemoError } from './errors.ts';
import { forceDown } from './force-down.ts';
import { type Guards, refusalOf } from './guards.ts';
import { newDeployment } from './new-deployment.ts';
import { NOTHING_OBSERVED } from './observation.ts';
import type { ActiveRecord, Clock, DeploymentStore, Notifier } from './ports.ts';
import { createPrepare, isGivenUp } from './prepare.ts';
import { createQuota, type Quota, type QuotaDeps } from './quota.ts';
import { createReplay, type Replay, type ReplayDeps } from './replay.ts';
import type { Started, StartRequest } from './requests.ts';
import { createSharedRead } from './shared-read.ts';
import { createTurns } from './turns.ts';

export interface StartDeps extends QuotaDeps, ReplayDeps {
  readonly store: DeploymentStore;
  readonly guards: Pick<Guards, 'standing' | 'fresh' | 'noteStart'>;
  readonly controller: Controller;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly hourlyCostUsd: number;
  /** The next slot of the nightly clean-up; null when it is switched off. */
  readonly nextNightlyAt: () => Instant | null;
  /** Tells the driver that there is something to do. */
  readonly wake: () => void;
  readonly notifier: Notifier;
}

const SHORTEST_DURATION_MS = 60_000;
/** One more try after a completed proof was met and released; a second one would be a third visitor's luck. */
const LOCK_TRIES = 2;
/** A release that failed is not tried again by every press. */
const RELEASE_AGAIN_MS = 5_000;
/** Those who waited for the same turn share one look at the record. */
const SHARED_LOOK_MS = 1_000;

/** Founds the record of a start. */
const founded = (deps: StartDeps, id: string, token: string, request: StartRequest, now: Instant): Deployment =>
  newDeployment(
    {
      id,
      writeId: deps.credentials.newId(),
      policy: deps.policy,
      hourlyCostUsd: deps.hourlyCostUsd,
      durationMs: request.durationMs ?? deps.policy.ttlMs,
      nightlyAt: deps.nextNightlyAt(),
      controlTokenHash: deps.credentials.hash(token),
      visitorHash: request.visitorHash,
    },
    now,
  );

const checkDuration = ({ durationMs }: StartRequest, { maxLifetimeMs }: Policy): void => {
  if (durationMs === null || (durationMs >= SHORTEST_DURATION_MS && durationMs <= maxLifetimeMs)) return;
  const most = Math.floor(maxLifetimeMs / 60_000);
  throw new DemoError('DURATION_OUT_OF_RANGE', { field: 'duration_minutes', detail: `From 1 to ${most} minutes.` });
};

/**
 * Makes the refusal of a start while something runs that is not just waiting for its release; that is finished here.
 * Throws ALREADY_RUNNING with the holder.
 */
const createRefuseIfRunning = ({ controller, clock, log }: StartDeps) => {
  let failedAt = Number.NEGATIVE_INFINITY;
  const release = async (holder: ActiveRecord): Promise<boolean> => {
    if (clock.monotonicMs() - failedAt < RELEASE_AGAIN_MS) return false;
    try {
      return await controller.release(holder);
    } catch (error) {
      failedAt = clock.monotonicMs();
      log.event('warn', 'deployment.release_failed', { deploymentId: holder.deployment.owner, error });
      return false;
    }
  };
  return async (holder: ActiveRecord | null): Promise<void> => {
    if (holder === null || (holder.deployment.gone !== null && (await release(holder)))) return;
    throw new DemoError('ALREADY_RUNNING', { holder });
  };
};

interface LockParts {
  readonly quota: Quota;
  readonly replay: Replay;
  readonly refuseIfRunning: ReturnType<typeof createRefuseIfRunning>;
}

/** Makes what comes after the guards: quota and lock. Null when the lock is ours, else the answer of who has it. */
const createTakeLock = (deps: StartDeps, { quota, replay, refuseIfRunning }: LockParts) => {
  const { store } = deps;

  const acquire = async (deployment: Deployment): Promise<Started | null> => {
    for (let tries = 0; tries < LOCK_TRIES; tries += 1) {
      const acquired = await store.acquire({ deployment, observation: NOTHING_OBSERVED });
      if (acquired.won) return null;
      const holder = acquired.holder.deployment;
      if (holder.owner === deployment.owner) return replay.of(holder.owner, holder);
      await refuseIfRunning(acquired.holder);
    }
    throw new DemoError('CONFLICT');
  };

  /** After a refusal the lock is surely not ours; after anything else it is looked up, and counts if that fails. */
  const isSurelyNotOurs = async (error: unknown, id: string): Promise<boolean> => {
    if (isDemoError(error, 'ALREADY_RUNNING') || isDemoError(error, 'CONFLICT')) return true;
    try {
      return (await store.active())?.deployment.owner !== id;
    } catch {
      return false;
    }
  };

  const takeQuota = async (id: string, request: StartRequest, now: Instant): Promise<void> => {
    try {
      await quota.take(id, request, now);
    } catch (error) {
      // On another task somebody may have gone for the same lock and counts just now: then he is to be joined.
      if (isDemoError(error, 'QUOTA_EXCEEDED')) await refuseIfRunning(await store.active());
      throw error;
    }
  };

  return async (id: string, controlToken: string, request: StartRequest, now: Instant): Promise<Started | null> => {
    const deployment = founded(deps, id, controlToken, request, now);
    await takeQuota(id, request, now);
    try {
      const lost = await acquire(deployment);
      if (lost !== null || request.idempotency === null) return lost;
    } catch (error) {
      if (await isSurelyNotOurs(error, id)) await quota.giveBack(id, now);
      throw error;
    }
    // Another request with the same key may have come to its end meanwhile; an id has one life only.
    const earlier = await store.tombstone(id);
    if (earlier === null) return null;
    // A driver may have stepped on it already: then the second life ends as any other does.
    const isReleased = await store.release(id, deployment.version);
    if (!isReleased) await forceDown(deps, 'not_started', ({ owner }) => owner === id);
    else if (earlier.outcome === 'never_built') await quota.giveBack(id, now);
    return replay.of(id, earlier);
  };
};

/** Makes `Requests.start`: replay, guards, quota, lock, net; the apply follows in the driver's next step. */
export const createStart = (deps: StartDeps): ((request: StartRequest) => Promise<Started>) => {
  const { store, clock, credentials, guards, log } = deps;
  const replay = createReplay(deps);
  const quota = createQuota(deps);
  const prepare = createPrepare(deps);
  const refuseIfRunning = createRefuseIfRunning(deps);
  const takeLock = createTakeLock(deps, { quota, replay, refuseIfRunning });
  const latest = createSharedRead(clock, SHARED_LOOK_MS, () => store.active());
  // A crowd that presses a free button at once must neither use up the day's quota nor read the ledger for each press.
  const turns = createTurns(latest.drop);

  /** The shared answer first: as long as it says no, a crowd that keeps pressing costs the store next to nothing. */
  const checkGuards = async (request: StartRequest, now: Instant): Promise<void> => {
    const blockage = (await guards.standing()) ?? (await guards.fresh());
    if (blockage !== null) throw refusalOf(blockage, now);
    quota.check(request, now);
  };

  const start = async (request: StartRequest, now: Instant): Promise<Started> => {
    await checkGuards(request, now);
    const id = await replay.claimId(request, now);
    const controlToken = credentials.controlToken(id);
    const lost = await takeLock(id, controlToken, request, now);
    if (lost !== null) return lost;
    log.event('info', 'deployment.started', { deploymentId: id });
    deps.notifier.notify({ kind: 'started', deploymentId: id, at: now, referringPage: request.referringPage });
    return { id, createdAt: now, controlToken, replayed: false };
  };

  const prepared = async (id: string): Promise<void> => {
    try {
      await prepare(id);
      guards.noteStart(true);
    } catch (error) {
      if (isGivenUp(error)) guards.noteStart(false);
      throw error;
    } finally {
      deps.wake();
    }
  };

  return async (request) => {
    const now = clock.now();
    checkDuration(request, deps.policy);
    const known = await replay.find(request, now);
    if (known !== null) return known;
    await refuseIfRunning(await store.active());
    const stillWanted = async (): Promise<Started | null> => {
      const answered = await replay.find(request, now);
      if (answered === null) await refuseIfRunning(await latest.get());
      return answered;
    };
    const started = await turns.take(stillWanted, () => start(request, now));
    if (!started.replayed) await prepared(started.id);
    return started;
  };
};
