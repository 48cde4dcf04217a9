import type { Controller } from './controller.ts';
import type { Deployment, Instant, Policy } from './deployment.ts';
import { DemoError } from './errors.ts';
import { newDeployment } from './new-deployment.ts';
import { NOTHING_OBSERVED } from './observation.ts';
import type { ActiveRecord, Clock, Credentials, DeploymentStore, EventLog, IdempotencyStore } from './ports.ts';
import type { Started, StartRequest } from './requests.ts';

export interface StartDeps {
  readonly store: DeploymentStore;
  readonly idempotency: IdempotencyStore;
  readonly controller: Controller;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly log: EventLog;
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
const ARM_TRIES = 3;

/**
 * The instant until which no start is accepted, or null: a demo that could not be live before the nightly clean-up
 * is refused, so that nobody is cut off by surprise.
 */
export const nightlyBlockUntil = (policy: Policy, nightlyAt: Instant | null, now: Instant): Instant | null =>
  nightlyAt !== null && now + policy.deployDeadlineMs > nightlyAt ? nightlyAt : null;

/** Founds the record of a start. */
const founded = (deps: StartDeps, id: string, request: StartRequest, now: Instant): Deployment =>
  newDeployment(
    {
      id,
      writeId: deps.credentials.newId(),
      policy: deps.policy,
      hourlyCostUsd: deps.hourlyCostUsd,
      durationMs: request.durationMs ?? deps.policy.ttlMs,
      nightlyAt: deps.nextNightlyAt(),
      controlTokenHash: deps.credentials.hash(deps.credentials.controlToken(id)),
      visitorHash: request.visitorHash,
    },
    now,
  );

/** Makes `Requests.start`: replay, guards, lock, arm; the apply follows in the driver's next step. */
export const createStart = (deps: StartDeps): ((request: StartRequest) => Promise<Started>) => {
  const { store, idempotency, controller, credentials, clock } = deps;

  const facts = (id: string, createdAt: Instant, replayed: boolean): Started => ({
    id,
    createdAt,
    controlToken: credentials.controlToken(id),
    replayed,
  });

  /** What became of an id that a key was given: read strongly and in this order, so that it cannot be missed. */
  const standing = async (id: string): Promise<Started | null> => {
    const active = await store.active();
    if (active?.deployment.owner === id) return facts(id, active.deployment.createdAt, true);
    const tombstone = await store.tombstone(id);
    return tombstone === null ? null : facts(id, tombstone.createdAt, true);
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

  const checkGuards = (request: StartRequest, now: Instant): void => {
    const { durationMs } = request;
    if (durationMs !== null && (durationMs < SHORTEST_DURATION_MS || durationMs > deps.policy.maxLifetimeMs)) {
      const most = Math.floor(deps.policy.maxLifetimeMs / 60_000);
      throw new DemoError('DURATION_OUT_OF_RANGE', { field: 'duration_minutes', detail: `From 1 to ${most} minutes.` });
    }
    const until = nightlyBlockUntil(deps.policy, deps.nextNightlyAt(), now);
    if (until === null) return;
    const retryAfterSeconds = Math.max(1, Math.ceil((until - now) / 1000));
    throw new DemoError('NIGHTLY_WINDOW', { until, retryAfterSeconds });
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

  const takeLock = async (id: string, request: StartRequest, now: Instant): Promise<Started | null> => {
    for (let tries = 0; tries < LOCK_TRIES; tries += 1) {
      const acquired = await store.acquire({
        deployment: founded(deps, id, request, now),
        observation: NOTHING_OBSERVED,
      });
      if (acquired.won) return null;
      const { deployment } = acquired.holder;
      if (deployment.owner === id) return facts(id, deployment.createdAt, true);
      await refuseIfRunning(acquired.holder);
    }
    throw new DemoError('CONFLICT');
  };

  /**
   * No apply without the second destroyer: if it cannot be armed, the lock is given back and nothing was built. If
   * another task is just arming it, the ladder holds the apply back until that is stored, so waiting is not needed.
   */
  const arm = async (id: string): Promise<void> => {
    for (let tries = 0; tries < ARM_TRIES; tries += 1) {
      await controller.step();
      const active = await store.active();
      if (active?.deployment.owner !== id) break;
      if (active.deployment.armedAt !== null) return;
      if (active.deployment.goal.direction === 'down') {
        await controller.advance();
        break;
      }
    }
    const active = await store.active();
    // What could not be armed often cannot be disarmed either: then the lock is kept until it can, and says why.
    const isGoingDown = active?.deployment.owner === id && active.deployment.goal.direction === 'down';
    const reason = isGoingDown ? active.deployment.goal.reason : (await store.tombstone(id))?.reason;
    if (reason === 'arm_failed') throw new DemoError('ARM_FAILED', { retryAfterSeconds: 60 });
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
    const replay = await replayOf(request, now);
    if (replay !== null) return replay;
    await refuseIfRunning(await store.active());
    checkGuards(request, now);
    const id = await claimId(request, now);
    const lost = await takeLock(id, request, now);
    if (lost !== null) return lost;
    // Another request with the same key may have come to its end meanwhile; an id has one life only.
    const earlier = request.idempotency === null ? null : await store.tombstone(id);
    if (earlier !== null && (await store.release(id, 1))) return facts(id, earlier.createdAt, true);
    deps.log.event('info', 'deployment.started', { deploymentId: id });
    await arm(id);
    deps.wake();
    return facts(id, now, false);
  };
};
