import { type Instant, idMadeAt, type Policy } from '../lifecycle/deployment.ts';
import { adoptedDeployment } from '../lifecycle/new-deployment.ts';
import { NOTHING_OBSERVED } from '../lifecycle/observation.ts';
import type {
  Clock,
  Credentials,
  DeadLetter,
  DeadLetterStore,
  DeploymentStore,
  EventLog,
  Inventory,
  Notifier,
  Pipelines,
} from '../lifecycle/ports.ts';

export interface OrphanDeps {
  readonly store: DeploymentStore;
  readonly pipelines: Pipelines;
  readonly inventory: Inventory;
  readonly deadLetters: DeadLetterStore;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly log: EventLog;
  readonly notifier: Notifier;
  readonly policy: Policy;
  readonly hourlyCostUsd: number;
}

/** A single sighting may be a deployment that is just being released; the second one is acted upon. */
const SIGHTINGS_BEFORE_ACTING = 2;

/** Two runs at the same moment make two sightings of one look, so the first must also be old enough. */
const isSecondSighting = (letter: DeadLetter, policy: Policy, now: Instant): boolean =>
  letter.attempts >= SIGHTINGS_BEFORE_ACTING && now - letter.firstAt >= policy.proofGapMs;

/** How far back pipelines of an orphan are looked for. */
const LOOK_BACK_MS = 24 * 3_600_000;

/** Notes that something exists without a record, and acts on the second sighting. True when it acted. */
export type HandleOrphan = (id: string) => Promise<boolean>;

/**
 * Makes the way an orphan is dealt with: with the lock free it is adopted as the running deployment with its goal
 * down; while another one runs, the dead letter carries a destroy of its own, sent again until nothing is left.
 *
 * An id that we cannot have made, since it tells no time or one to come, is left alone: whatever carries it is
 * somebody else's, and would be destroyed.
 */
export const createHandleOrphan = (deps: OrphanDeps): HandleOrphan => {
  const { store, pipelines, credentials, clock, log } = deps;

  const adopt = async (id: string): Promise<boolean> => {
    const { policy, hourlyCostUsd } = deps;
    const now = clock.now();
    const version = ((await store.tombstone(id))?.version ?? 0) + 1;
    // Its meter has been running since it was built, whatever was said of it meanwhile.
    const createdAt = idMadeAt(id, now) ?? now;
    const orphan = { id, writeId: credentials.newId(), policy, hourlyCostUsd, version, createdAt };
    const deployment = adoptedDeployment(orphan, now);
    const acquired = await store.acquire({ deployment, observation: NOTHING_OBSERVED });
    if (acquired.won) log.event('error', 'orphan.adopted', { deploymentId: id });
    return acquired.won;
  };

  const destroyBeside = async (id: string): Promise<boolean> => {
    const listed = await pipelines.list(id, clock.now() - LOOK_BACK_MS);
    if (listed.some((pipeline) => !pipeline.terminal)) return false;
    const requestId = credentials.newId();
    const request = {
      direction: 'destroy',
      deploymentId: id,
      requestId,
      startBefore: null,
      holdersEnded: false,
    } as const;
    const answer = await pipelines.create(request, deps.policy.sendWindowMs);
    if (answer.kind === 'refused') throw new Error(`GitLab refused to destroy an orphan: ${answer.reason}`);
    log.event('error', 'orphan.destroy_requested', { deploymentId: id, requestId });
    return true;
  };

  return async (id) => {
    const now = clock.now();
    if (idMadeAt(id, now) === null) {
      log.event('warn', 'orphan.not_ours', { deploymentId: id });
      return false;
    }
    const letter = await deps.deadLetters.note({ id, kind: 'orphan', lastError: 'Exists without a record.' }, now);
    log.event('error', 'orphan.sighted', { deploymentId: id, sightings: letter.attempts });
    deps.notifier.notify({ kind: 'orphan', deploymentId: id, at: now, sightings: letter.attempts });
    if (!isSecondSighting(letter, deps.policy, clock.now())) return false;
    const active = await store.active();
    if (active?.deployment.owner === id) return false;
    if (active === null) {
      if (await adopt(id)) return true;
      // Another task may have adopted it meanwhile: then its record looks after it.
      if ((await store.active())?.deployment.owner === id) return false;
    }
    return destroyBeside(id);
  };
};

/** Looks again at the orphans that are known: one that is gone loses its letter, any other is handled once more. */
export const createRevisitOrphans = (
  deps: OrphanDeps,
  handle: HandleOrphan,
): ((letter: DeadLetter) => Promise<boolean>) => {
  return async ({ id }) => {
    const active = await deps.store.active();
    // Its own record looks after it, and takes the letter away with its release.
    if (active?.deployment.owner === id) return false;
    const { answer } = await deps.inventory.read(id);
    if (answer === 'empty') {
      await deps.deadLetters.remove(id);
      return true;
    }
    return answer === 'leftovers' ? handle(id) : false;
  };
};
