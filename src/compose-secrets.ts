import { createHmac, randomBytes } from 'node:crypto';
import { SECRET_NAMES, type Secrets } from './adapters/secrets.ts';
import type { Neighbours } from './compose-neighbours.ts';

/**
 * Whether every secret could be read at some time. From then on a value serves for as long as its cache says. Until then
 * whoever asks lets it be tried again, at most every ten seconds.
 */
export const createWereHeld = (secrets: Pick<Secrets, 'held'>): (() => boolean) => {
  let wereHeld = false;
  const areHeld = (): boolean => {
    try {
      for (const name of SECRET_NAMES) secrets.held(name);
      return true;
    } catch {
      return false;
    }
  };
  return () => {
    wereHeld ||= areHeld();
    return wereHeld;
  };
};

/**
 * The key that visitors' addresses are hashed with, made of the signing key once (docs/adr/0013). Until that can be read
 * it is a key of this process alone: it is good enough to count requests by, and nothing else happens meanwhile, since a
 * start needs the signing key as well.
 */
export const createVisitorKey = (secrets: Pick<Secrets, 'held'>): (() => Buffer) => {
  let key: Buffer | null = null;
  let provisional: Buffer | null = null;
  return () => {
    try {
      key ??= createHmac('sha256', secrets.held('signingKey')).update('visitor').digest();
      return key;
    } catch {
      provisional ??= randomBytes(32);
      return provisional;
    }
  };
};

const reasonOf = (error: unknown): unknown => (error instanceof Error && error.cause) || error;

/**
 * Reads anew whatever has become too old, the webhook included: what cannot be read is to be seen before it is needed.
 * Rejects with the reason.
 */
export const freshenAll = async ({ secrets, webhook }: Pick<Neighbours, 'secrets' | 'webhook'>): Promise<void> => {
  const reading = webhook?.read().catch((error: unknown) => {
    throw reasonOf(error);
  });
  const [all, one] = await Promise.allSettled([secrets.freshen(), reading]);
  if (all.status === 'rejected') throw all.reason;
  if (one.status === 'rejected') throw one.reason;
};
