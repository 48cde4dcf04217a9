import { DemoError } from '../lifecycle/errors.ts';
import type { Clock, EventLog } from '../lifecycle/ports.ts';
import { errorCode } from './error-code.ts';
import { SecretsFailure } from './secrets.ts';

/** A value is read anew when it is this old, so that a rotation is seen in that time. */
const FRESH_MS = 300_000;
/** While it cannot be read anew, the old value is used until it is this old. */
const USABLE_MS = 3_600_000;
/** After a failure nothing is asked for so long, however many want the secret. */
const RETRY_MS = 10_000;
/** A refused value causes a read of its own at most this often: GitLab saying 401 to everything must not hammer. */
const FORCED_EVERY_MS = 30_000;
/** While a secret cannot be read, that is logged this often. */
const TELL_EVERY_MS = 300_000;
/** So many values are remembered; more rotations than that in the life of a process are an emergency. */
const KEPT_VALUES = 4;

/** Where one secret is kept. Both reject when it cannot be read, with a `SecretsFailure` if they know why. */
export interface SecretVault {
  current(): Promise<string>;
  /** Null when there is no such version. */
  previous(): Promise<string | null>;
}

export interface CachedSecretOptions {
  /** What it is called in the log and in errors. */
  readonly name: string;
  readonly vault: SecretVault;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: EventLog;
  /** How often a refused value may cause a read of its own. */
  readonly forcedEveryMs?: number;
}

/** One of `Secrets`, with the same promises. */
export interface CachedSecret {
  /** Why it cannot be read just now; null when it can. Never rejects. */
  freshen(): Promise<SecretsFailure | null>;
  read(): Promise<string>;
  held(): string;
  earlier(): readonly string[];
  refetch(refused: string): Promise<string | null>;
  previous(): Promise<string | null>;
  known(): readonly string[];
}

const failureOf = (name: string, error: unknown): SecretsFailure =>
  error instanceof SecretsFailure ? error : new SecretsFailure(`${name} cannot be read: ${errorCode(error)}`);

/** Work that is under way is joined by whoever wants it too. */
const createFlight = <T>(work: () => Promise<T>) => {
  let underWay: Promise<T> | null = null;
  return {
    underWay: () => underWay,
    join: (): Promise<T> => {
      underWay ??= work().finally(() => {
        underWay = null;
      });
      return underWay;
    },
  };
};

interface PreviousVersionOptions {
  readonly read: () => Promise<string | null>;
  /** The value in use; with another one the version before it is another one too. */
  readonly current: () => string | null;
  readonly found: (value: string) => void;
  readonly failed: (error: unknown) => void;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** The version before the current one: read only when somebody wants it, which is seldom, and then kept. */
const createPreviousVersion = ({ read, current, found, failed, clock }: PreviousVersionOptions) => {
  let kept: { readonly value: string | null; readonly of: string | null; readonly untilMs: number } | null = null;

  const reading = createFlight(async (): Promise<string | null> => {
    const of = current();
    let value: string | null = null;
    let keepMs = FRESH_MS;
    try {
      value = await read();
      if (value !== null) found(value);
    } catch (error) {
      // Whoever wants it has a refusal to report, which must not be hidden by this.
      failed(error);
      keepMs = RETRY_MS;
    }
    kept = { value, of, untilMs: clock.monotonicMs() + keepMs };
    return value;
  });

  return async (): Promise<string | null> => {
    if (kept !== null && kept.of === current() && clock.monotonicMs() < kept.untilMs) return kept.value;
    return reading.join();
  };
};

/**
 * Makes the cache of one secret. All times are monotonic and count from when the value was asked for, since what is
 * answered may be as old as that.
 */
export const createCachedSecret = (options: CachedSecretOptions): CachedSecret => {
  const { name, vault, clock, log, forcedEveryMs = FORCED_EVERY_MS } = options;
  let value: string | null = null;
  let askedMs = Number.NEGATIVE_INFINITY;
  let failure: { readonly error: SecretsFailure; readonly atMs: number } | null = null;
  let forcedMs = Number.NEGATIVE_INFINITY;
  let toldMs = Number.NEGATIVE_INFINITY;
  let seen: readonly string[] = [];

  const ageMs = (): number => clock.monotonicMs() - askedMs;
  const isUsable = (): boolean => value !== null && ageMs() <= USABLE_MS;

  const remember = (text: string): void => {
    seen = [text, ...seen.filter((other) => other !== text)].slice(0, KEPT_VALUES);
  };

  /** What went wrong, written down unless that was done lately. */
  const told = (error: unknown): SecretsFailure => {
    const reason = failureOf(name, error);
    if (clock.monotonicMs() - toldMs >= TELL_EVERY_MS) {
      toldMs = clock.monotonicMs();
      log.event(isUsable() ? 'warn' : 'error', 'secrets.unreadable', { name, reason: reason.message });
    }
    return reason;
  };

  const reading = createFlight(async (): Promise<void> => {
    const startedMs = clock.monotonicMs();
    try {
      const newest = await vault.current();
      if (value !== null && value !== newest) log.event('info', 'secrets.rotated', { name });
      value = newest;
      askedMs = startedMs;
      failure = null;
      remember(newest);
    } catch (error) {
      failure = { error: told(error), atMs: clock.monotonicMs() };
    }
  });

  const mayRetry = (): boolean => failure === null || clock.monotonicMs() - failure.atMs >= RETRY_MS;
  const refresh = async (): Promise<void> => {
    if (ageMs() < FRESH_MS && failure === null) return;
    if (reading.underWay() !== null || mayRetry()) await reading.join();
  };

  const usable = (): string => {
    if (value !== null && isUsable()) return value;
    throw new DemoError('SECRETS_UNAVAILABLE', failure === null ? {} : { cause: failure.error });
  };

  const previous = createPreviousVersion({
    read: () => vault.previous(),
    current: () => value,
    found: remember,
    failed: told,
    clock,
  });

  return {
    freshen: async () => {
      await refresh();
      return failure?.error ?? null;
    },
    read: async () => {
      if (ageMs() >= FRESH_MS) await refresh();
      return usable();
    },
    held: () => {
      if (ageMs() >= FRESH_MS) void refresh();
      return usable();
    },
    earlier: () => seen.filter((other) => other !== value),
    refetch: async (refused) => {
      await reading.underWay();
      if (value === refused && clock.monotonicMs() - forcedMs >= forcedEveryMs) {
        forcedMs = clock.monotonicMs();
        await reading.join();
      } else await reading.underWay();
      return value === refused || !isUsable() ? null : value;
    },
    previous,
    known: () => (value === null ? seen : [value, ...seen.filter((other) => other !== value)]),
  };
};
