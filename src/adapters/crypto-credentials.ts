import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { v7 } from 'uuid';
import type { Credentials } from '../lifecycle/ports.ts';
import type { Secrets } from './secrets.ts';

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares digests, which are of one length, so that neither content nor length is told by the time it takes. */
const equal = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

/** A control token is the deployment's id, a dot and a signature; nothing longer is looked at. */
const LONGEST_TOKEN = 200;

const signature = (signingKey: string, deploymentId: string): Buffer =>
  createHmac('sha256', signingKey).update(`control-token:${deploymentId}`).digest();

const controlToken = (signingKey: string, deploymentId: string): string =>
  `${deploymentId}.${signature(signingKey, deploymentId).toString('base64url')}`;

const matches = (token: string, hash: string): boolean => equal(sha256(token), Buffer.from(hash, 'hex'));

/**
 * Makes ids and tokens. A control token is `<id>.<HMAC-SHA256 of the id, base64url>`, so a replay recomputes it and
 * only its hash needs to be stored. Keys and the owner's token are asked for each time, so that a rotation is seen at
 * once: a new signing key ends no token that was handed out, a new owner's token ends the one before.
 *
 * All but `newId`, `hash` and `matches` throw `DemoError` SECRETS_UNAVAILABLE when the secret they need cannot be read.
 */
export const createCryptoCredentials = (
  secrets: Pick<Secrets, 'held' | 'earlier' | 'refetch' | 'previous'>,
): Credentials => {
  return {
    newId: () => v7(),
    controlToken: (deploymentId) => controlToken(secrets.held('signingKey'), deploymentId),
    recoverControlToken: async (deploymentId, hash) => {
      const fitting = (keys: readonly string[]): string | undefined =>
        keys.map((key) => controlToken(key, deploymentId)).find((token) => matches(token, hash));
      const current = secrets.held('signingKey');
      const found = fitting([current, ...secrets.earlier('signingKey')]);
      if (found !== undefined) return found;
      // Another task may have seen a rotation before this one, or this one may have started after it.
      const others = [await secrets.refetch('signingKey', current), await secrets.previous('signingKey')];
      return fitting(others.filter((key) => key !== null)) ?? null;
    },
    hash: (token) => sha256(token).toString('hex'),
    isOwner: (token) => equal(sha256(token), sha256(secrets.held('ownerToken'))),
    matches,
    deploymentOf: (token) => {
      if (token.length > LONGEST_TOKEN) return null;
      const dot = token.indexOf('.');
      if (dot < 0) return null;
      const deploymentId = token.slice(0, dot);
      const sent = Buffer.from(token.slice(dot + 1), 'base64url');
      // Every key is tried, also after one that fits, so that the time it takes does not tell which.
      const keys = [secrets.held('signingKey'), ...secrets.earlier('signingKey')];
      const fits = keys.map((key) => equal(sent, signature(key, deploymentId)));
      return fits.includes(true) ? deploymentId : null;
    },
  };
};
