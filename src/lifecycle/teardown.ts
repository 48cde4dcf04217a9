import { authorize, type Bearer } from './authorize.ts';
import { down } from './decisions.ts';
import type { DecidedFields } from './deployment.ts';
import { DemoError } from './errors.ts';
import type { ActiveRecord, Clock, Credentials, DeploymentStore, EventLog } from './ports.ts';
import type { ExtensionRequest, Target, TeardownRequest, TornDown } from './requests.ts';
import { canExtend } from './status.ts';
import type { Tombstone } from './tombstone.ts';

export interface ChangeDeps {
  readonly store: DeploymentStore;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly log: EventLog;
  readonly wake: () => void;
}

/** A write that lost its race is made again on what is there now, this often. */
const WRITE_TRIES = 5;

type Found =
  | { readonly kind: 'active'; readonly record: ActiveRecord; readonly bearer: Bearer }
  | { readonly kind: 'gone'; readonly tombstone: Tombstone }
  | { readonly kind: 'idle' };

/** Finds what is meant and checks who asks, in an order that tells a stranger nothing but that he is one. */
const createFind = ({ store, credentials }: ChangeDeps) => {
  const checked = (record: ActiveRecord, bearer: string | null): Found => {
    const { owner: id, controlTokenHash } = record.deployment;
    return { kind: 'active', record, bearer: authorize(credentials, bearer, { id, controlTokenHash }) };
  };

  return async (target: Target, bearer: string | null): Promise<Found> => {
    const active = await store.active();
    if (target.kind === 'current') {
      if (active !== null) return checked(active, bearer);
      // The token of a run that has ended is none of another deployment: it may be a repeated request.
      if (bearer === null || credentials.deploymentOf(bearer) === null) authorize(credentials, bearer, null);
      return { kind: 'idle' };
    }
    if (active?.deployment.owner === target.id) return checked(active, bearer);
    const tombstone = await store.tombstone(target.id);
    authorize(credentials, bearer, tombstone);
    if (tombstone === null) throw new DemoError('NOT_FOUND');
    return { kind: 'gone', tombstone };
  };
};

interface Preconditioned {
  readonly target: Target;
  readonly precondition: ((record: ActiveRecord) => boolean) | null;
}

/** On the alias the owner's token fits every deployment, so he has to say which one he has seen. */
const checkPrecondition = (request: Preconditioned, record: ActiveRecord, bearer: Bearer): void => {
  if (request.target.kind === 'current' && bearer === 'owner' && request.precondition === null) {
    throw new DemoError('PRECONDITION_NEEDED', { field: 'If-Match' });
  }
  if (request.precondition !== null && !request.precondition(record)) {
    throw new DemoError('PRECONDITION_FAILED', { field: 'If-Match' });
  }
};

const IDLE = 'The state is idle.';

type Change = (record: ActiveRecord, bearer: Bearer) => Partial<DecidedFields> | null;

/**
 * Makes a write that re-reads and retries: each try finds, authorizes and judges anew. `change` answers with the
 * fields to write, or null when nothing is left to do.
 */
const createChange = (deps: ChangeDeps) => {
  const find = createFind(deps);
  return async (
    request: Preconditioned & { readonly bearer: string | null },
    change: Change,
  ): Promise<Exclude<Found, { kind: 'active' }> | { readonly kind: 'active'; readonly record: ActiveRecord }> => {
    for (let tries = 0; tries < WRITE_TRIES; tries += 1) {
      const found = await find(request.target, request.bearer);
      if (found.kind !== 'active') return found;
      const { record, bearer } = found;
      checkPrecondition(request, record, bearer);
      const set = change(record, bearer);
      if (set === null) return { kind: 'active', record };
      const { owner, version } = record.deployment;
      const writeId = deps.credentials.newId();
      if (!(await deps.store.decide({ owner, version, writeId, set }))) continue;
      deps.wake();
      return {
        kind: 'active',
        record: { ...record, deployment: { ...record.deployment, ...set, version: version + 1, writeId } },
      };
    }
    throw new DemoError('CONFLICT', { retryAfterSeconds: 1 });
  };
};

/** Makes `Requests.teardown`. */
export const createTeardown = (deps: ChangeDeps): ((request: TeardownRequest) => Promise<TornDown>) => {
  const change = createChange(deps);
  return async (request) => {
    const changed = await change(request, ({ deployment }, bearer) => {
      if (deployment.goal.direction === 'down') return null;
      deps.log.event('info', 'deployment.teardown_asked', { deploymentId: deployment.owner, by: bearer });
      return down(deployment, bearer === 'owner' ? 'owner' : 'visitor', deps.clock.now());
    });
    if (changed.kind === 'gone') return { kind: 'already-gone', tombstone: changed.tombstone };
    if (changed.kind === 'idle') throw new DemoError('NOTHING_TO_DESTROY', { detail: IDLE });
    return { kind: 'accepted', record: changed.record };
  };
};

/** Makes `Requests.extend`. An end beyond the latest possible one is named, never clamped. */
export const createExtend = (deps: ChangeDeps): ((request: ExtensionRequest) => Promise<ActiveRecord>) => {
  const change = createChange(deps);
  return async (request) => {
    const changed = await change(request, (record) => {
      const { deployment } = record;
      const { maxExpiresAt } = deployment;
      if (!canExtend(deployment) || maxExpiresAt === null) throw new DemoError('NOT_EXTENDABLE', { holder: record });
      if (request.expiresAt <= deps.clock.now() || request.expiresAt > maxExpiresAt) {
        throw new DemoError('EXPIRY_OUT_OF_RANGE', {
          field: 'expires_at',
          until: maxExpiresAt,
          detail: `From now to ${new Date(maxExpiresAt).toISOString()}.`,
        });
      }
      return deployment.expiresAt === request.expiresAt ? null : { expiresAt: request.expiresAt };
    });
    if (changed.kind === 'gone') throw new DemoError('NOT_EXTENDABLE', { tombstone: changed.tombstone });
    if (changed.kind === 'idle') throw new DemoError('NOT_EXTENDABLE', { detail: IDLE });
    return changed.record;
  };
};
