import type { Controller } from './controller.ts';
import type { Deployment, Instant, Policy } from './deployment.ts';
import { DemoError, isDemoError } from './errors.ts';
import { type Guards, refusalOf } from './guards.ts';
import { newDeployment } from './new-deployment.ts';
import { NOTHING_OBSERVED } from './observation.ts';
import type { ActiveRecord, Clock, Credentials, DeploymentStore, IdempotencyStore } from './ports.ts';
import { createPrepare } from './prepare.ts';
import { createQuota, type QuotaDeps } from './quota.ts';
import type { Started, StartRequest } from './requests.ts';

export interface StartDeps extends QuotaDeps {
  readonly store: DeploymentStore;
  readonly idempotency: IdempotencyStore;
  readonly guards: Pick<Guards, 'standing' | 'fresh'>;
  readonly controller: Controller;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly hourlyCostUsd: number;
  /** The next slot of the nightly clean-up; null when it is switched off. */
  readonly nextNightlyAt: () => Instant | null;
  /** Tells the driver that there is something to do. */
  readonly wake: () => void;
}

const SHORTEST_DURATION_MS = 60_000;
/** One more try after a completed proof was met and released; a second one would be a third visitor's luck. */
const LOCK_TRIES = 2;
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

/** Makes `Requests.start`: replay, guards, quota, lock, net; the apply follows in the driver's next step. */
export const createStart = (deps: StartDeps): ((request: StartRequest) => Promise<Started>) => {
  const { store, idempotency, controller, credentials, clock } = deps;
  const quota = createQuota(deps);
  const prepare = createPrepare(deps);

  /** A replay hands out the token that was handed out first, though the signing key may have changed since. */
  const replayed = async (id: string, createdAt: Instant, hash: string | null): Promise<Started> => {
    const controlToken = hash === null ? null : await credentials.recoverControlToken(id, hash);
    return { id, createdAt, controlToken, replayed: true };
  };

  /** What became of an id that a key was given: read strongly and in this order, so that it cannot be missed. */
  const standing = async (id: string): Promise<Started | null> => {
    const active = await store.active();
    const found = active?.deployment.owner === id ? active.deployment : await store.tombstone(id);
    return found === null ? null : replayed(id, found.createdAt, found.controlTokenHash);
  };

  const checkBody = (stored: string, sent: string): void => {
    if (stored !== sent) throw new DemoError('IDEMPOTENCY_MISMATCH', { field: 'Idempotency-Key' });
  };

  /** Throws when something runs that is not just waiting for its release. */
  const refuseIfRunning = async (holder: ActiveRecord | null): Promise<void> => {
    if (holder === null) return;
    if (holder.deployment.gone !== null && (await controller.release(holder))) return;
    throw new DemoError('ALREADY_RUNNING', { holder });
  };

  const checkDuration = ({ durationMs }: StartRequest): void => {
    if (durationMs === null) return;
    if (durationMs >= SHORTEST_DURATION_MS && durationMs <= deps.policy.maxLifetimeMs) return;
    const most = Math.floor(deps.policy.maxLifetimeMs / 60_000);
    throw new DemoError('DURATION_OUT_OF_RANGE', { field: 'duration_minutes', detail: `From 1 to ${most} minutes.` });
  };

  /** The shared answer first: as long as it says no, a crowd that keeps pressing costs the store next to nothing. */
  const checkGuards = async (now: Instant): Promise<void> => {
    const blockage = (await deps.guards.standing()) ?? (await deps.guards.fresh());
    if (blockage !== null) throw refusalOf(blockage, now);
  };

  /** The id to go on with: the key's own if it has one, so that a retry never makes a second deployment. */
  const claimId = async (request: StartRequest, now: Instant): Promise<string> => {
    const id = credentials.newId();
    if (request.idempotency === null) return id;
    const { key, bodyHash } = request.idempotency;
    const record = await idempotency.claim(key, { deploymentId: id, bodyHash, createdAt: now }, now);
    checkBody(record.bodyHash, bodyHash);
    return record.deploymentId;
  };

  /** Null when the lock is ours; the facts when the same request won it meanwhile. Throws when another one did. */
  const takeLock = async (deployment: Deployment): Promise<Started | null> => {
    const { owner } = deployment;
    for (let tries = 0; tries < LOCK_TRIES; tries += 1) {
      const acquired = await store.acquire({ deployment, observation: NOTHING_OBSERVED });
      if (acquired.won) return null;
      const holder = acquired.holder.deployment;
      if (holder.owner === owner) return replayed(owner, holder.createdAt, holder.controlTokenHash);
      await refuseIfRunning(acquired.holder);
    }
    throw new DemoError('CONFLICT');
  };

  const takeLockOrGiveBack = async (deployment: Deployment): Promise<Started | null> => {
    try {
      return await takeLock(deployment);
    } catch (error) {
      // Only a refusal says that nothing was taken; after any other error the lock may be ours, and is counted.
      const isRefusal = isDemoError(error, 'ALREADY_RUNNING') || isDemoError(error, 'CONFLICT');
      if (isRefusal) await quota.giveBack(deployment.owner, deployment.createdAt);
      throw error;
    }
  };

  const replayOf = async (request: StartRequest, now: Instant): Promise<Started | null> => {
    if (request.idempotency === null) return null;
    const record = await idempotency.find(request.idempotency.key, now);
    if (record === null) return null;
    checkBody(record.bodyHash, request.idempotency.bodyHash);
    return standing(record.deploymentId);
  };

  return async (request) => {
    const now = clock.now();
    checkDuration(request);
    const replay = await replayOf(request, now);
    if (replay !== null) return replay;
    await refuseIfRunning(await store.active());
    await checkGuards(now);
    const id = await claimId(request, now);
    await quota.take(id, request, now);
    const controlToken = credentials.controlToken(id);
    const lost = await takeLockOrGiveBack(founded(deps, id, controlToken, request, now));
    if (lost !== null) return lost;
    // Another request with the same key may have come to its end meanwhile; an id has one life only.
    const earlier = request.idempotency === null ? null : await store.tombstone(id);
    if (earlier !== null && (await store.release(id, 1))) {
      if (earlier.outcome === 'never_built') await quota.giveBack(id, now);
      return replayed(id, earlier.createdAt, earlier.controlTokenHash);
    }
    deps.log.event('info', 'deployment.started', { deploymentId: id });
    await prepare(id);
    deps.wake();
    return { id, createdAt: now, controlToken, replayed: false };
  };
};
