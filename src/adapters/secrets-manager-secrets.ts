import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Clock, EventLog } from '../lifecycle/ports.ts';
import { type CachedSecret, createCachedSecret, type SecretVault } from './cached-secret.ts';
import { errorCode } from './error-code.ts';
import { SECRET_NAMES, type SecretName, type Secrets, SecretsFailure } from './secrets.ts';

/** All tries of one read together, whatever they wait for: a read that hangs would hang all that join it. */
const READ_WITHIN_MS = 4_500;

/** The same as local mode asks of its own, so that nobody goes into production with less. */
const SHORTEST: Readonly<Record<SecretName, number>> = { gitlabToken: 8, ownerToken: 16, signingKey: 32 };
const LONGEST = 4_096;

/** An ARN's account and region are nobody's business, and the rest says which secret it is. */
const shortName = (secretId: string): string => secretId.replace(/^arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:/, '');

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

/** The value itself, without the line end that an editor or `echo` leaves behind. Throws `SecretsFailure`. */
const parsedValue = (name: SecretName, secretId: string, found: string | undefined): string => {
  const text = found?.trim();
  // Without `SecretString` it is binary.
  const problem = text === undefined ? 'is binary where text is expected' : problemOf(name, text);
  if (text === undefined || problem !== null) throw new SecretsFailure(`${shortName(secretId)} ${problem}`);
  return text;
};

const createVault = (client: SecretsManagerClient, name: SecretName, secretId: string): SecretVault => {
  const read = async (stage: 'AWSCURRENT' | 'AWSPREVIOUS'): Promise<string> => {
    const command = new GetSecretValueCommand({ SecretId: secretId, VersionStage: stage });
    const { SecretString } = await client.send(command, { abortSignal: AbortSignal.timeout(READ_WITHIN_MS) });
    return parsedValue(name, secretId, SecretString);
  };

  // Never chained: an answer that cannot be parsed is kept in a hidden field of the SDK's error.
  const failureOf = (error: unknown): SecretsFailure =>
    error instanceof SecretsFailure
      ? error
      : new SecretsFailure(`${shortName(secretId)} cannot be read: ${errorCode(error)}`);

  return {
    current: () =>
      read('AWSCURRENT').catch((error: unknown) => {
        throw failureOf(error);
      }),
    previous: () =>
      read('AWSPREVIOUS').catch((error: unknown) => {
        // A secret that was never rotated has no such version, which is answered as if there were no secret.
        if (error instanceof ResourceNotFoundException) return null;
        throw failureOf(error);
      }),
  };
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
    createCachedSecret({ name, vault: createVault(client, name, ids[name]), clock, log });
  const secrets: Readonly<Record<SecretName, CachedSecret>> = {
    gitlabToken: cached('gitlabToken'),
    ownerToken: cached('ownerToken'),
    signingKey: cached('signingKey'),
  };
  const all = SECRET_NAMES.map((name) => secrets[name]);

  return {
    freshen: async () => {
      const failures = (await Promise.all(all.map((secret) => secret.freshen()))).filter((failure) => failure !== null);
      if (failures.length > 0) throw new SecretsFailure(failures.map(({ message }) => message).join('; '));
    },
    read: (name) => secrets[name].read(),
    held: (name) => secrets[name].held(),
    earlier: (name) => secrets[name].earlier(),
    refetch: (name, refused) => secrets[name].refetch(refused),
    previous: (name) => secrets[name].previous(),
    known: () => all.flatMap((secret) => secret.known()),
  };
};
