import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Clock, EventLog } from '../lifecycle/ports.ts';
import { type CachedSecret, createCachedSecret } from './cached-secret.ts';
import { SECRET_NAMES, type SecretName, type Secrets, SecretsFailure } from './secrets.ts';
import { createSecretsManagerVault } from './secrets-manager-vault.ts';

/** The same as local mode asks of its own, so that nobody goes into production with less. */
const SHORTEST: Readonly<Record<SecretName, number>> = { gitlabToken: 8, ownerToken: 16, signingKey: 32 };
const LONGEST = 4_096;

const isJson = (text: string): boolean => {
  if (!/^[{["]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** What is wrong with a value, in words that do not show it; null when it can be used. */
const problemOf = (name: SecretName, text: string): string | null => {
  if (text === '') return 'is empty';
  if (isJson(text)) return 'is JSON where the value alone is expected, as plain text';
  if (!/^[\x21-\x7e]+$/.test(text)) return 'has characters that are not printable ASCII, or spaces';
  if (text.length < SHORTEST[name]) return `is shorter than ${SHORTEST[name]} characters`;
  return text.length > LONGEST ? `is longer than ${LONGEST} characters` : null;
};

export interface SecretsManagerSecretsOptions {
  readonly client: SecretsManagerClient;
  /** The name or ARN of each. */
  readonly ids: Readonly<Record<SecretName, string>>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: EventLog;
}

/**
 * Makes the secrets of AWS. Each is a plain string in Secrets Manager, cached for five minutes and read once at a
 * time however many want it; while it cannot be read, the value before is used for up to an hour. A value that GitLab
 * refused is read anew at once, though at most once in 30 s. Logs `secrets.rotated` and, at most once in five minutes
 * each, `secrets.unreadable`; no value is in any error or event.
 */
export const createSecretsManagerSecrets = ({ client, ids, clock, log }: SecretsManagerSecretsOptions): Secrets => {
  const cached = (name: SecretName): CachedSecret =>
    createCachedSecret({
      name,
      vault: createSecretsManagerVault(client, ids[name], (text) => problemOf(name, text)),
      clock,
      log,
    });
  const secrets: Readonly<Record<SecretName, CachedSecret>> = {
    gitlabToken: cached('gitlabToken'),
    ownerToken: cached('ownerToken'),
    signingKey: cached('signingKey'),
  };
  const all = SECRET_NAMES.map((name) => secrets[name]);

  return {
    freshen: async () => {
      const failures = (await Promise.all(all.map((secret) => secret.freshen()))).filter((failure) => failure !== null);
      if (failures.length === 0) return;
      const isFinal = failures.some((failure) => failure.isFinal);
      throw new SecretsFailure(failures.map(({ message }) => message).join('; '), { isFinal });
    },
    read: (name) => secrets[name].read(),
    held: (name) => secrets[name].held(),
    earlier: (name) => secrets[name].earlier(),
    refetch: (name, refused) => secrets[name].refetch(refused),
    previous: (name) => secrets[name].previous(),
    known: () => all.flatMap((secret) => secret.known()),
  };
};
