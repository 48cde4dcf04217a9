import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { isRefusal } from './aws-refusals.ts';
import type { SecretVault } from './cached-secret.ts';
import { errorCode } from './error-code.ts';
import { SecretsFailure } from './secrets.ts';

/** All tries of one read together, whatever they wait for: a read that hangs would hang all that join it. */
const READ_WITHIN_MS = 4_500;

/** An ARN's account and region are nobody's business, and the rest says which secret it is. */
const shortName = (secretId: string): string => secretId.replace(/^arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:/, '');

/** What is wrong with a value, in words that do not show it and follow the secret's name; null when it can be used. */
export type ProblemOf = (text: string) => string | null;

/** The value itself, without the line end that an editor or `echo` leaves behind. Throws `SecretsFailure`. */
const parsedValue = (secretId: string, found: string | undefined, problemOf: ProblemOf): string => {
  const text = found?.trim();
  // Without `SecretString` it is binary.
  const problem = text === undefined ? 'is binary where text is expected' : problemOf(text);
  if (text === undefined || problem !== null) {
    throw new SecretsFailure(`${shortName(secretId)} ${problem}`, { isFinal: true });
  }
  return text;
};

/** Makes the vault of one secret in Secrets Manager, by its name or ARN. It takes a value only if nothing is wrong with it. */
export const createSecretsManagerVault = (
  client: SecretsManagerClient,
  secretId: string,
  problemOf: ProblemOf,
): SecretVault => {
  const read = async (stage: 'AWSCURRENT' | 'AWSPREVIOUS'): Promise<string> => {
    const command = new GetSecretValueCommand({ SecretId: secretId, VersionStage: stage });
    const { SecretString } = await client.send(command, { abortSignal: AbortSignal.timeout(READ_WITHIN_MS) });
    return parsedValue(secretId, SecretString, problemOf);
  };

  // Never chained: an answer that cannot be parsed is kept in a hidden field of the SDK's error.
  const failureOf = (error: unknown): SecretsFailure =>
    error instanceof SecretsFailure
      ? error
      : new SecretsFailure(`${shortName(secretId)} cannot be read: ${errorCode(error)}`, { isFinal: isRefusal(error) });

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
