import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { v7 } from 'uuid';
import type { Credentials } from '../lifecycle/ports.ts';

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares digests, which are of one length, so that neither content nor length is told by the time it takes. */
const equal = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

/** A control token is the deployment's id, a dot and a signature; nothing longer is looked at. */
const LONGEST_TOKEN = 200;

/**
 * Makes ids and tokens. A control token is `<id>.<HMAC-SHA256 of the id, base64url>`, so a replay recomputes it and
 * only its hash needs to be stored. The owner's token is kept as a hash from the start.
 *
 * @param signingKey the server's key; changing it ends no running deployment's token, which is known by its hash
 */
export const createCryptoCredentials = (signingKey: string, ownerToken: string): Credentials => {
  const ownerHash = sha256(ownerToken);
  const signature = (deploymentId: string): Buffer =>
    createHmac('sha256', signingKey).update(`control-token:${deploymentId}`).digest();

  return {
    newId: () => v7(),
    controlToken: (deploymentId) => `${deploymentId}.${signature(deploymentId).toString('base64url')}`,
    hash: (token) => sha256(token).toString('hex'),
    isOwner: (token) => equal(sha256(token), ownerHash),
    matches: (token, hash) => equal(sha256(token), Buffer.from(hash, 'hex')),
    deploymentOf: (token) => {
      if (token.length > LONGEST_TOKEN) return null;
      const dot = token.indexOf('.');
      if (dot < 0) return null;
      const deploymentId = token.slice(0, dot);
      const sent = Buffer.from(token.slice(dot + 1), 'base64url');
      return equal(sent, signature(deploymentId)) ? deploymentId : null;
    },
  };
};
