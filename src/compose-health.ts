import type { Secrets } from './adapters/secrets.ts';
import type { Gitlab } from './compose-gitlab.ts';
import type { Config } from './config.ts';
import { createHealth, type Health, type HealthCheck, type HealthOptions } from './health.ts';
import type {
  Clock,
  DeadLetterStore,
  DeploymentReader,
  Inventory,
  Preflight,
  SecondDestroyer,
} from './lifecycle/ports.ts';
import { isOverdue, type Status, statusOf } from './lifecycle/status.ts';
import { createPreflight } from './preflight.ts';

export interface HealthParts {
  readonly store: Pick<DeploymentReader, 'active'>;
  readonly secrets: Pick<Secrets, 'freshen'>;
  readonly gitlab: Pick<Gitlab, 'ping' | 'checkToken'>;
  readonly secondDestroyer: Pick<SecondDestroyer, 'list'>;
  readonly inventory: Pick<Inventory, 'sweep'>;
  readonly deadLetters: Pick<DeadLetterStore, 'list'>;
  readonly clock: Clock;
  readonly jobs: HealthOptions['jobs'];
  readonly jobProgress: HealthOptions['jobProgress'];
}

const HEALTH = { answerTimeoutMs: 10_000, lostAfterMs: 60_000 };
/** Often enough that a result is never a minute old when a visitor presses the button. */
const INTERVAL_MS = { aws: 25_000, local: 5_000 };
const PREFLIGHT = { maxAgeMs: 60_000, answerWithinMs: 5_000 };

/** The inventory can be read, and nothing exists that has no record: it would be the sign that a destroy failed. */
const nothingIsLeftOver = async ({ store, inventory }: HealthParts): Promise<undefined> => {
  const existing = await inventory.sweep();
  if (existing === null) throw new Error('The inventory cannot be read.');
  // Read after the sweep: what was started meanwhile has its record by now.
  const owner = (await store.active())?.deployment.owner ?? null;
  const orphans = existing.filter((id) => id !== owner);
  if (orphans.length > 0) throw new Error(`Something exists without a record: ${orphans.join(', ')}`);
};

export interface Checks {
  readonly health: Health;
  readonly preflight: Preflight;
  /** As of the last check of the store; null while it was never read. */
  readonly status: () => Status | null;
}

/** Builds the background checks, the health report, and the pre-flight that is read off the same checks. */
export const createChecks = (mode: Config['mode'], parts: HealthParts): Checks => {
  const { store, clock } = parts;
  let status: Status | null = null;
  const readStore = async (): Promise<undefined> => {
    status = statusOf(await store.active());
  };
  const preflightChecks: readonly HealthCheck[] = [
    { name: 'gitlab', critical: false, check: parts.gitlab.ping },
    { name: 'second_destroyer', critical: false, check: async () => void (await parts.secondDestroyer.list()) },
    { name: 'inventory', critical: false, check: () => nothingIsLeftOver(parts) },
  ];
  const health = createHealth({
    checks: [
      { name: 'store', critical: true, check: readStore },
      ...preflightChecks,
      { name: 'gitlab_token', critical: false, check: parts.gitlab.checkToken },
      { name: 'secrets', critical: false, check: async () => void (await parts.secrets.freshen()) },
    ],
    jobs: parts.jobs,
    jobProgress: parts.jobProgress,
    deadLetters: () => parts.deadLetters.list(),
    overdueDeployments: async () => {
      const active = await store.active();
      return active !== null && isOverdue(active.deployment, clock.now()) ? 1 : 0;
    },
    ...HEALTH,
    intervalMs: INTERVAL_MS[mode],
    clock,
  });
  const names = preflightChecks.map(({ name }) => name);
  return { health, preflight: createPreflight({ health, names, clock, ...PREFLIGHT }), status: () => status };
};
