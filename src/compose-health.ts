import type { Secrets } from './adapters/secrets.ts';
import type { Gitlab } from './compose-gitlab.ts';
import type { Config } from './config.ts';
import { createHealth, type Health, type HealthCheck, type HealthOptions } from './health.ts';
import { type Alarms, type AlarmsDeps, createAlarms } from './health-alarms.ts';
import {
  linkTrouble,
  lookTrouble,
  readingTrouble,
  startTrouble,
  sweepTrouble,
  teardownTrouble,
} from './health-course.ts';
import type {
  ActiveRecord,
  Clock,
  DeadLetterStore,
  DeploymentReader,
  Inventory,
  Preflight,
  SecondDestroyer,
} from './lifecycle/ports.ts';
import { isOverdue, type Status, statusOf } from './lifecycle/status.ts';
import { createPreflight } from './preflight.ts';

export interface HealthParts extends AlarmsDeps {
  readonly store: Pick<DeploymentReader, 'active' | 'ledger'>;
  readonly secrets: Pick<Secrets, 'freshen'>;
  readonly gitlab: Pick<Gitlab, 'ping' | 'checkToken'>;
  readonly secondDestroyer: Pick<SecondDestroyer, 'list'>;
  readonly inventory: Pick<Inventory, 'sweep'>;
  readonly deadLetters: Pick<DeadLetterStore, 'list'>;
  readonly clock: Clock;
  readonly jobs: HealthOptions['jobs'];
  readonly jobProgress: HealthOptions['jobProgress'];
  readonly canServe?: NonNullable<HealthOptions['canServe']>;
}

const HEALTH = { answerTimeoutMs: 10_000, lostAfterMs: 60_000 };
/** Often enough that a result is never a minute old when a visitor presses the button. */
const INTERVAL_MS = { aws: 25_000, local: 5_000 };
const PREFLIGHT = { maxAgeMs: 60_000, answerWithinMs: 5_000 };

/** How many of the latest runs are looked at for one that tells whether building works. Each round reads them. */
const LATEST_RUNS = 3;

/** The inventory can be read, and nothing exists that has no record: it would be the sign that a destroy failed. */
const nothingIsLeftOver = async ({ store, inventory }: HealthParts): Promise<undefined> => {
  const existing = await inventory.sweep();
  if (existing === null) throw new Error('The inventory cannot be read.');
  // Read after the sweep: what was started meanwhile has its record by now.
  const active = await store.active();
  const orphans = existing.filter((id) => id !== active?.deployment.owner);
  if (orphans.length > 0) throw new Error(`Something exists without a record: ${orphans.join(', ')}`);
  failFor(sweepTrouble(active, existing));
  failFor(readingTrouble(active));
};

const failFor = (trouble: string | null): undefined => {
  if (trouble !== null) throw new Error(trouble);
};

/** What the running demo and the latest ones show; `active` is the record as of the round under way. */
const courseChecks = (
  store: HealthParts['store'],
  active: () => Promise<ActiveRecord | null>,
): readonly HealthCheck[] => {
  const latestStart = async (): Promise<undefined> => {
    const record = await active();
    const { tombstones } = await store.ledger({ limit: LATEST_RUNS, before: null });
    return failFor(startTrouble(record, tombstones));
  };
  return [
    { name: 'latest_start', critical: false, check: latestStart },
    { name: 'live_demo', critical: false, check: async () => failFor(linkTrouble(await active())) },
    { name: 'teardown', critical: false, check: async () => failFor(teardownTrouble(await active())) },
  ];
};

export interface Checks {
  readonly health: Health;
  readonly preflight: Preflight;
  readonly alarms: Alarms;
  /** As of the last check of the store; null while it was never read. */
  readonly status: () => Status | null;
}

/**
 * Builds the background checks, the health report, the pre-flight that is read off the same checks, and the alarms
 * that write down what the report shows.
 */
export const createChecks = (mode: Config['mode'], parts: HealthParts): Checks => {
  const { store, clock } = parts;
  const alarms = createAlarms(parts);
  let status: Status | null = null;
  let reading: Promise<ActiveRecord | null> | null = null;
  // Begun by the check of the store, which is the first of each round; the others of the round share it.
  const readStore = async (): Promise<undefined> => {
    reading = store.active();
    status = statusOf(await reading);
  };
  const active = (): Promise<ActiveRecord | null> => reading ?? store.active();
  const gitlabWorks = async (): Promise<undefined> => {
    await parts.gitlab.ping();
    // A store that cannot be read says so by itself.
    const record = await store.active().catch(() => null);
    return failFor(lookTrouble(record, clock.now()));
  };
  const preflightChecks: readonly HealthCheck[] = [
    { name: 'gitlab', critical: false, check: gitlabWorks },
    { name: 'second_destroyer', critical: false, check: async () => void (await parts.secondDestroyer.list()) },
    { name: 'inventory', critical: false, check: () => nothingIsLeftOver(parts) },
  ];
  const health = createHealth({
    checks: [
      { name: 'store', critical: true, check: readStore },
      ...preflightChecks,
      { name: 'gitlab_token', critical: false, check: parts.gitlab.checkToken },
      { name: 'secrets', critical: false, check: async () => void (await parts.secrets.freshen()) },
      ...courseChecks(store, active),
    ],
    jobs: parts.jobs,
    jobProgress: parts.jobProgress,
    deadLetters: () => parts.deadLetters.list(),
    overdueDeployments: async () => {
      const record = await active();
      return record !== null && isOverdue(record.deployment, clock.now()) ? 1 : 0;
    },
    ...HEALTH,
    ...(parts.canServe === undefined ? {} : { canServe: parts.canServe }),
    intervalMs: INTERVAL_MS[mode],
    onRound: alarms.observe,
    clock,
  });
  const names = preflightChecks.map(({ name }) => name);
  return { health, preflight: createPreflight({ health, names, clock, ...PREFLIGHT }), alarms, status: () => status };
};
