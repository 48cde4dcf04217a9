import type { Instant } from '../lifecycle/deployment.ts';
import type { Clock, EventLog } from '../lifecycle/ports.ts';
import type { GitlabClient } from './gitlab-client.ts';
import { unusable } from './gitlab-failure.ts';
import { expectJson } from './gitlab-json.ts';
import type { TokenSource } from './gitlab-tokens.ts';
import { isFields } from './json-fields.ts';

const DAY_MS = 86_400_000;
const NEAR_MS = 14 * DAY_MS;
const URGENT_MS = 3 * DAY_MS;
const ASK_EVERY_MS = DAY_MS;
const RETRY_MS = 600_000;

/** For other kinds of tokens GitLab answers 400; old versions and gateways between us may not know the question. */
const UNTOLD: ReadonlySet<number> = new Set([400, 403, 404]);

export interface TokenStanding {
  /** Null when the token never expires, or when GitLab does not say. */
  readonly expiresAt: Instant | null;
  /** It expires within 14 days, or has expired. */
  readonly isNear: boolean;
  /** False when GitLab says that the token has no scope to run a pipeline with. */
  readonly mayBuild: boolean;
}

/** What GitLab says of a token. */
type Told = Pick<TokenStanding, 'expiresAt' | 'mayBuild'>;

const UNKNOWN: Told = { expiresAt: null, mayBuild: true };

/** Running a pipeline takes this scope (https://docs.gitlab.com/api/pipelines/#create-a-new-pipeline). */
const NEEDED_SCOPE = 'api';

/** When GitLab's token expires. */
export interface TokenExpiry {
  /**
   * What is known, after asking GitLab if that is due: once a day, when the token has changed, and ten minutes after
   * a question that had no answer. Never rejects; without an answer the last one stands.
   */
  check(): Promise<TokenStanding>;
}

export interface TokenExpiryOptions {
  readonly client: GitlabClient;
  readonly token: Pick<TokenSource, 'current'>;
  readonly clock: Clock;
  readonly log: EventLog;
}

/**
 * GitLab gives a date, and the token stops working when that day begins in UTC
 * (https://docs.gitlab.com/user/profile/personal_access_tokens/).
 */
const expiryOf = (json: unknown): Instant | null => {
  if (!isFields(json)) throw unusable('token: not an object');
  const date = json.expires_at;
  if (date === null || date === undefined) return null;
  const at =
    typeof date === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at)) throw unusable('token: no usable expiry date');
  return at;
};

/**
 * Asks what the token is. Personal, project and group access tokens of any scope may do so; others cannot build
 * anything either, or are answered with 400 (lib/api/personal_access_tokens/self_information.rb of GitLab).
 */
const askGitlab = async (client: GitlabClient): Promise<Told> => {
  const path = 'personal_access_tokens/self';
  const answer = await client.send({ method: 'GET', path, below: 'api', isRepeatable: true });
  if (UNTOLD.has(answer.status)) return UNKNOWN;
  const json = expectJson(answer, 'token');
  const scopes = isFields(json) && Array.isArray(json.scopes) ? json.scopes : null;
  return { expiresAt: expiryOf(json), mayBuild: scopes === null || scopes.includes(NEEDED_SCOPE) };
};

/**
 * Makes the watch over the token's expiry. While it is near, `gitlab.token_expiring` is logged once a day: as a
 * warning, under three days as an error.
 */
export const createTokenExpiry = ({ client, token, clock, log }: TokenExpiryOptions): TokenExpiry => {
  let known: (Told & { readonly token: string }) | null = null;
  let dueMs = Number.NEGATIVE_INFINITY;
  let told: { readonly expiresAt: Instant; readonly level: string; readonly atMs: number } | null = null;
  let checking: Promise<TokenStanding> | null = null;

  const askIfDue = async (): Promise<void> => {
    // Whoever keeps the token says so when it cannot be had; what is known of it stands.
    const current = await token.current().catch(() => null);
    if (current === null) return;
    const hasChanged = known !== null && known.token !== current;
    if (!hasChanged && clock.monotonicMs() < dueMs) return;
    // Should the question fail, what was known of another token must not stand.
    if (hasChanged) known = null;
    try {
      known = { token: current, ...(await askGitlab(client)) };
      dueMs = clock.monotonicMs() + ASK_EVERY_MS;
    } catch (error) {
      dueMs = clock.monotonicMs() + RETRY_MS;
      log.event('warn', 'gitlab.token_expiry_unknown', { error });
    }
  };

  const tell = (expiresAt: Instant, leftMs: number): void => {
    const level = leftMs < URGENT_MS ? 'error' : 'warn';
    const nowMs = clock.monotonicMs();
    if (told?.expiresAt === expiresAt && told.level === level && nowMs - told.atMs < DAY_MS) return;
    told = { expiresAt, level, atMs: nowMs };
    log.event(level, 'gitlab.token_expiring', { expiresAt: new Date(expiresAt).toISOString(), leftMs });
  };

  const check = async (): Promise<TokenStanding> => {
    await askIfDue();
    const { expiresAt, mayBuild } = known ?? UNKNOWN;
    if (expiresAt === null) return { expiresAt, mayBuild, isNear: false };
    const leftMs = expiresAt - clock.now();
    const isNear = leftMs <= NEAR_MS;
    if (isNear) tell(expiresAt, leftMs);
    return { expiresAt, mayBuild, isNear };
  };

  return {
    check: () => {
      checking ??= check().finally(() => {
        checking = null;
      });
      return checking;
    },
  };
};

/**
 * The same as a background check of the health report: a text for the owner, and a rejection with such a text while
 * the expiry is near.
 */
export const tokenExpiryCheck = (expiry: TokenExpiry) => async (): Promise<string | undefined> => {
  const { expiresAt, isNear } = await expiry.check();
  if (expiresAt === null) return undefined;
  const text = `GitLab’s token expires on ${new Date(expiresAt).toISOString().slice(0, 10)}, as that day begins in UTC.`;
  if (isNear) throw new Error(text);
  return text;
};
