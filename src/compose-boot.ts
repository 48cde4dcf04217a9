import { setTimeout as delay } from 'node:timers/promises';
import { isRefusal } from './adapters/aws-refusals.ts';
import { errorCode } from './adapters/error-code.ts';
import { SecretsFailure } from './adapters/secrets.ts';
import type { Neighbours } from './compose-neighbours.ts';
import type { AwsConfig } from './config.ts';
import { isDemoError } from './lifecycle/errors.ts';
import type { Clock, DeploymentReader, EventLog } from './lifecycle/ports.ts';

/** AWS refuses what the environment names. Its message says which variables that is about, one a line, and no secret. */
export class BootError extends Error {
  override readonly name = 'BootError';
}

/**
 * How long a refusal is taken for something that is about to end. A permission that was just given is not known
 * everywhere at once (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
 */
const PATIENCE_MS = 45_000;

/** A little longer than the time in which a secret that could not be read is not asked for again. */
const AGAIN_MS = 11_000;

/** One thing without which nothing can be served. */
interface Question {
  readonly variables: string;
  ask(): Promise<unknown>;
}

interface Refusal {
  readonly variables: string;
  readonly reason: string;
}

const refusalOf = (variables: string, error: unknown): Refusal | null => {
  if (error instanceof SecretsFailure) return error.isFinal ? { variables, reason: error.message } : null;
  const cause = isDemoError(error, 'STORE_UNAVAILABLE') ? error.cause : error;
  return isRefusal(cause) ? { variables, reason: errorCode(cause) } : null;
};

/** Whatever is refused just now. What merely does not answer is not in it. */
const refusals = async (questions: readonly Question[]): Promise<readonly Refusal[]> => {
  const asked = questions.map(async ({ variables, ask }) => {
    try {
      await ask();
      return null;
    } catch (error) {
      return refusalOf(variables, error);
    }
  });
  return (await Promise.all(asked)).filter((refusal) => refusal !== null);
};

const questionsOf = (config: AwsConfig, parts: BootParts): readonly Question[] => [
  { variables: `TABLE_NAME (${config.store.tableName})`, ask: () => parts.store.active() },
  {
    variables: 'GITLAB_TOKEN_SECRET, OWNER_TOKEN_SECRET, SIGNING_KEY_SECRET',
    ask: () => parts.secrets.freshen(),
  },
];

interface BootParts extends Pick<Neighbours, 'secrets'> {
  readonly store: Pick<DeploymentReader, 'active'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: EventLog;
  /** Ends the waiting, without an error. */
  readonly signal: AbortSignal;
  /** Resolves after that many milliseconds, or rejects when the signal says so. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

const waitReferenced = (ms: number, signal: AbortSignal): Promise<unknown> => delay(ms, undefined, { signal });

/**
 * Resolves once AWS refuses nothing of what the server cannot do without: the table and the three secrets. It does not
 * wait for what is merely out of reach: that ends by itself, and a server that went away because of it would not end it
 * sooner (docs/adr/0026).
 *
 * @throws {BootError} when a refusal lasts for 45 s
 */
export const waitForPermission = async (config: AwsConfig, parts: BootParts): Promise<void> => {
  const { clock, log, signal, wait = waitReferenced } = parts;
  const questions = questionsOf(config, parts);
  const startedMs = clock.monotonicMs();
  while (!signal.aborted) {
    const refused = await refusals(questions);
    if (refused.length === 0) return;
    if (clock.monotonicMs() - startedMs >= PATIENCE_MS) {
      const lines = refused.map(({ variables, reason }) => `  ${variables}: ${reason}`);
      throw new BootError(`AWS refuses what the environment names:\n${lines.join('\n')}`);
    }
    log.event('warn', 'boot.refused', { refused });
    await wait(AGAIN_MS, signal).catch(() => undefined);
  }
};
