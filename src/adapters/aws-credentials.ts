import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { fromContainerMetadata } from '@smithy/credential-provider-imds';
import { untilAborted } from './until-aborted.ts';

/** Two tries of the SDK's own second fit in. The address is in the task itself and answers within milliseconds. */
const LOADED_WITHIN_MS = 2_500;
const TRY_TIMEOUT_MS = 1_000;
const SECOND_TRIES = 1;

/** From here on newer ones are asked for. It is where the SDK's clients begin to ask as well. */
const EXPIRING_MS = 300_000;
/** While what is held is still good, a failure is not met again by every request. */
const RETRY_MS = 10_000;

type Provider = ReturnType<typeof fromContainerMetadata>;
type Identity = Awaited<ReturnType<Provider>>;

export interface BoundedCredentialsOptions {
  /** Asks for credentials; may hang. */
  readonly load: Provider;
  /** Wall clock, since that is what credentials expire by. */
  readonly now?: () => number;
}

/**
 * Makes credentials that never keep anybody waiting for more than 2.5 s. Whoever wants them joins the question that is
 * under way; one that is not answered in time is given up, and the next who wants them asks anew. Credentials that are
 * still good go on to be used while newer ones cannot be had.
 *
 * A client needs this because it joins, for ever, whatever its provider began, and looks at neither `requestTimeout` nor
 * `abortSignal` meanwhile (`memoizeIdentityProvider` of `@smithy/core`).
 */
export const createBoundedCredentials = ({ load, now = Date.now }: BoundedCredentialsOptions): Provider => {
  let held: Identity | null = null;
  let underWay: Promise<Identity> | null = null;
  let failedAt = Number.NEGATIVE_INFINITY;

  const remainingMs = ({ expiration }: Identity): number =>
    expiration === undefined ? Number.POSITIVE_INFINITY : expiration.getTime() - now();

  const ask = async (): Promise<Identity> => {
    try {
      held = await untilAborted(load(), AbortSignal.timeout(LOADED_WITHIN_MS));
      return held;
    } catch (error) {
      failedAt = now();
      throw error;
    }
  };
  const asked = (): Promise<Identity> => {
    underWay ??= ask().finally(() => {
      underWay = null;
    });
    return underWay;
  };

  return async () => {
    const current = held;
    if (current === null || remainingMs(current) <= 0) return asked();
    if (remainingMs(current) >= EXPIRING_MS || now() - failedAt < RETRY_MS) return current;
    return asked().catch(() => current);
  };
};

/** Whether there is no address inside this task to ask: then the SDK's provider says so before it asks anything. */
const isElsewhere = (error: unknown): boolean =>
  error instanceof Error && 'tryNextLink' in error && error.tryNextLink === false;

/**
 * The task role's credentials, which ECS hands out inside the task
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html); where there is no task, those of the
 * SDK's default chain, made anew each time. In a task that chain would ask the same address, but without an end: its
 * `requestTimeout` only writes a warning, and what it waits for stays open (`fromHttp` of
 * `@aws-sdk/credential-provider-http`). The provider that is asked here closes what it gives up.
 */
export const ownCredentials = (): Provider => {
  const fromTask = fromContainerMetadata({ timeout: TRY_TIMEOUT_MS, maxRetries: SECOND_TRIES });
  const load = (): Promise<Identity> =>
    fromTask().catch((error: unknown) => {
      if (isElsewhere(error)) return defaultProvider()();
      throw error;
    });
  return createBoundedCredentials({ load });
};
