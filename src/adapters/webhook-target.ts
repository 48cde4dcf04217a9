import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Clock, EventLog } from '../lifecycle/ports.ts';
import { createCachedSecret } from './cached-secret.ts';
import { createSecretsManagerVault } from './secrets-manager-vault.ts';

/** Where the owner is told, and the key that what he is told is signed with. Both are secrets. */
export interface WebhookTarget {
  readonly url: URL;
  readonly key: string;
}

/** The owner's webhook as it is at the moment: asked for each time and never kept, like every other secret. */
export interface WebhookSource {
  /** Throws `DemoError` SECRETS_UNAVAILABLE when it cannot be read. */
  read(): Promise<WebhookTarget>;
  /** A newer one than what was refused, past the cache; null if none can be had. Never rejects. */
  refetch(refused: WebhookTarget): Promise<WebhookTarget | null>;
  /** Every value seen lately, for the masker. */
  known(): readonly string[];
}

/** Shorter ones are no secret, and masking them would make logs unreadable. */
const SHORTEST_PATH = 16;

/** The address, what identifies it when its host is cut off (as in an access log), and the key. */
const valuesOf = ({ url, key }: WebhookTarget): readonly string[] => {
  const path = `${url.pathname}${url.search}`;
  return [url.href, key, ...(path.length >= SHORTEST_PATH ? [path] : [])];
};

/** Makes the webhook of local mode: given once, and the same until the process ends. */
export const createFixedWebhook = (target: WebhookTarget): WebhookSource => ({
  read: async () => target,
  refetch: async () => null,
  known: () => valuesOf(target),
});

/** A refused address causes a read of its own at most this often: a receiver that is gone for good must not hammer. */
const FORCED_EVERY_MS = 60_000;

const LONGEST_URL = 2_048;
/** The same bounds as for a signing key. */
const USABLE_KEY = /^[\x21-\x7e]{32,4096}$/;

const objectIn = (text: string): Readonly<Record<string, unknown>> | null => {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === 'object' && found !== null ? { ...found } : null;
  } catch {
    return null;
  }
};

/** The target in a secret's text, or what is wrong with it, in words that do not show it and follow its name. */
const parsed = (text: string): WebhookTarget | string => {
  const { url: address, key } = objectIn(text) ?? {};
  if (typeof address !== 'string' || typeof key !== 'string') return 'is not JSON with the texts "url" and "key"';
  const url = address.length <= LONGEST_URL ? URL.parse(address) : null;
  if (url?.protocol !== 'https:') return 'has a "url" that is no https address';
  if (url.username !== '' || url.password !== '') return 'has a "url" with credentials in it';
  return USABLE_KEY.test(key) ? { url, key } : 'has a "key" that is not 32 to 4,096 printable characters';
};

export interface SecretsManagerWebhookOptions {
  readonly client: SecretsManagerClient;
  /** The name or ARN of the secret. */
  readonly id: string;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: EventLog;
}

/**
 * Makes the webhook of AWS: one secret in Secrets Manager, `{"url": "https://…", "key": "…"}`, cached as all others are.
 * Both are in one secret because they belong to one receiver and have to change together (docs/adr/0016).
 */
export const createSecretsManagerWebhook = (options: SecretsManagerWebhookOptions): WebhookSource => {
  const { client, id, clock, log } = options;
  const vault = createSecretsManagerVault(client, id, (text) => {
    const found = parsed(text);
    return typeof found === 'string' ? found : null;
  });
  const secret = createCachedSecret({ name: 'webhook', vault, clock, log, forcedEveryMs: FORCED_EVERY_MS });
  const targetIn = (text: string): WebhookTarget => {
    const found = parsed(text);
    // The vault takes nothing else.
    if (typeof found === 'string') throw new TypeError(`the webhook ${found}`);
    return found;
  };
  return {
    read: async () => targetIn(await secret.read()),
    refetch: async (refused) => {
      const isRefused = ({ url, key }: WebhookTarget): boolean => url.href === refused.url.href && key === refused.key;
      const text = secret.known().find((known) => isRefused(targetIn(known)));
      const newer = text === undefined ? null : await secret.refetch(text);
      return newer === null ? null : targetIn(newer);
    },
    known: () => secret.known().flatMap((text) => [text, ...valuesOf(targetIn(text))]),
  };
};
