import type { Instant } from './deployment.ts';
import { DemoError } from './errors.ts';
import type { Credentials, DeploymentReader, IdempotencyStore } from './ports.ts';
import { givenUpCode } from './prepare.ts';
import type { Started, StartRequest } from './requests.ts';

export interface ReplayDeps {
  readonly store: Pick<DeploymentReader, 'active' | 'tombstone'>;
  readonly idempotency: IdempotencyStore;
  readonly credentials: Credentials;
}

/** What is known of a deployment that its start can be answered with once more. */
interface Known {
  readonly createdAt: Instant;
  readonly controlTokenHash: string | null;
}

/** The repetition of a start by its `Idempotency-Key`. */
export interface Replay {
  /** The answer that this key got, or null. Throws IDEMPOTENCY_MISMATCH, and the refusal of a start that was given up. */
  find(request: StartRequest, now: Instant): Promise<Started | null>;
  /** The id to go on with: the key's own if it has one, so that a retry never makes a second deployment. */
  claimId(request: StartRequest, now: Instant): Promise<string>;
  /** The answer for a deployment that stands already. */
  of(id: string, known: Known): Promise<Started>;
}

const checkBody = (stored: string, sent: string): void => {
  if (stored !== sent) throw new DemoError('IDEMPOTENCY_MISMATCH', { field: 'Idempotency-Key' });
};

/** Makes the replay. */
export const createReplay = ({ store, idempotency, credentials }: ReplayDeps): Replay => {
  // The token that was handed out first, though the signing key may have changed since.
  const of = async (id: string, { createdAt, controlTokenHash: hash }: Known): Promise<Started> => {
    const controlToken = hash === null ? null : await credentials.recoverControlToken(id, hash);
    return { id, createdAt, controlToken, replayed: true };
  };

  /** What became of an id that a key was given: read strongly and in this order, so that it cannot be missed. */
  const standing = async (id: string): Promise<Started | null> => {
    const active = await store.active();
    const deployment = active?.deployment.owner === id ? active.deployment : null;
    const tombstone = deployment === null ? await store.tombstone(id) : null;
    const found = deployment ?? tombstone;
    if (found === null) return null;
    const reason = deployment?.goal.direction === 'down' ? deployment.goal.reason : tombstone?.reason;
    const code = givenUpCode(reason);
    // The first answer was no 201, so this is none either.
    if (code !== null) throw new DemoError(code, { detail: 'Nothing was built under this key; send a new one.' });
    return of(id, found);
  };

  return {
    of,
    find: async ({ idempotency: asked }, now) => {
      if (asked === null) return null;
      const record = await idempotency.find(asked.key, now);
      if (record === null) return null;
      checkBody(record.bodyHash, asked.bodyHash);
      return standing(record.deploymentId);
    },
    claimId: async ({ idempotency: asked }, now) => {
      const id = credentials.newId();
      if (asked === null) return id;
      const { key, bodyHash } = asked;
      const record = await idempotency.claim(key, { deploymentId: id, bodyHash, createdAt: now }, now);
      checkBody(record.bodyHash, bodyHash);
      return record.deploymentId;
    },
  };
};
