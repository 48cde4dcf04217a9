import { type Controller, type ControllerDeps, createController } from '../../src/lifecycle/controller.ts';
import type { Deployment, Instant, Policy } from '../../src/lifecycle/deployment.ts';
import { createGuards } from '../../src/lifecycle/guards.ts';
import type { Notice } from '../../src/lifecycle/notice.ts';
import type {
  ActiveRecord,
  EventLog,
  Notifier,
  Preflight,
  QuotaLimits,
  StartedJob,
} from '../../src/lifecycle/ports.ts';
import type { StartRequest } from '../../src/lifecycle/requests.ts';
import { createStart } from '../../src/lifecycle/start.ts';
import { type Status, statusOf } from '../../src/lifecycle/status.ts';
import { createExtend, createTeardown } from '../../src/lifecycle/teardown.ts';
import type { Tombstone } from '../../src/lifecycle/tombstone.ts';
import { REAL_POLICY } from '../../src/policies.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createFakeCloud } from './fake-cloud.ts';
import { createFakeCredentials } from './fake-credentials.ts';
import { createFakePipelines } from './fake-pipelines.ts';
import { createMemoryStore } from './memory-store.ts';
import { createStoreFaults } from './store-faults.ts';

export interface LoggedEvent {
  readonly level: string;
  readonly name: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export const VISITOR: StartRequest = {
  visitorHash: 'visitor',
  hasOrigin: true,
  referringPage: null,
  idempotency: null,
  durationMs: null,
};

export interface StageOptions {
  readonly policy?: Policy;
  readonly nextNightlyAt?: () => Instant | null;
  readonly limits?: QuotaLimits;
  readonly monthlyBudgetUsd?: number;
  readonly clock?: FakeClock;
  readonly log?: EventLog;
  /** In place of the one that remembers. */
  readonly notifier?: Notifier;
  /** Real adapters in place of the models. */
  readonly ports?: Partial<
    Pick<ControllerDeps, 'pipelines' | 'probe' | 'inventory' | 'secondDestroyer' | 'collectLogs' | 'recordRun'> & {
      readonly preflight: Preflight;
    }
  >;
}

const NO_LIMITS: QuotaLimits = { perVisitorPerDay: null, perDay: null, noOriginPerDay: null };
const HOURLY_COST_USD = 0.18;

/** A pre-flight that finds what it is told to find: in the background, and when it is asked again after the lock. */
const createFakePreflight = () => {
  const failing = { standing: [] as string[], now: [] as string[] };
  return {
    failing,
    standing: () => ({ failed: failing.standing }),
    run: async () => ({ failed: failing.now }),
  };
};

/** The real lifecycle on a virtual clock, an in-memory store, and models of GitLab and the cloud. */
export const createStage = ({
  policy = REAL_POLICY,
  nextNightlyAt = () => null,
  limits = NO_LIMITS,
  monthlyBudgetUsd = 1_000,
  clock = createFakeClock(),
  log: givenLog,
  notifier: givenNotifier,
  ports = {},
}: StageOptions = {}) => {
  const storeFaults = createStoreFaults();
  const store = createMemoryStore(storeFaults);
  const credentials = createFakeCredentials();
  const cloud = createFakeCloud(clock);
  const pipelines = createFakePipelines(clock, cloud);
  const preflight = createFakePreflight();
  const events: LoggedEvent[] = [];
  const log: EventLog = givenLog ?? { event: (level, name, fields) => events.push({ level, name, fields }) };
  const collected = new Map<string, readonly StartedJob[]>();
  const recorded: Tombstone[] = [];
  const notices: Notice[] = [];
  const notifier: Notifier = givenNotifier ?? { notify: (notice) => void notices.push(notice) };
  const deps = {
    store,
    pipelines,
    probe: cloud,
    inventory: cloud,
    secondDestroyer: cloud,
    deadLetters: store,
    preflight,
    quotas: store.quotas,
    credentials,
    collectLogs: (deploymentId: string, jobs: readonly StartedJob[]) => void collected.set(deploymentId, jobs),
    recordRun: (tombstone: Tombstone) => void recorded.push(tombstone),
    clock,
    log,
    notifier,
  };
  const controller: Controller = createController({ ...deps, ...ports });
  let wakes = 0;
  const wake = (): void => {
    wakes += 1;
  };
  const guards = createGuards({
    reader: store,
    switchStore: store.switch,
    quotas: store.quotas,
    preflight: ports.preflight ?? preflight,
    clock,
    budget: { monthlyUsd: monthlyBudgetUsd, hourlyCostUsd: HOURLY_COST_USD, policy },
    limits,
    nextNightlyAt,
  });
  const requestDeps = { store, credentials, clock, log, notifier, wake };
  /** The starts of one task; several tasks share everything but what each of them keeps for itself. */
  const newStart = () =>
    createStart({
      ...requestDeps,
      idempotency: store,
      guards,
      quotas: store.quotas,
      limits,
      controller,
      policy,
      hourlyCostUsd: HOURLY_COST_USD,
      nextNightlyAt,
    });

  const active = async (): Promise<ActiveRecord> => {
    const record = await store.active();
    if (record === null) throw new Error('nothing runs');
    return record;
  };

  /** Lets the driver work until then (or until nothing runs), jumping from one due time to the next. */
  const runUntil = async (until: Instant): Promise<void> => {
    while (clock.now() <= until) {
      const next = await controller.advance();
      if (next === null || next > until) break;
      clock.set(Math.max(next, clock.now() + 1));
    }
    clock.set(until);
  };

  /** Lets it work until that is so; fails after four virtual days. */
  const runUntilThat = async (isSo: (record: ActiveRecord | null) => boolean): Promise<void> => {
    const giveUpAt = clock.now() + 4 * 24 * 3_600_000;
    while (!isSo(await store.active())) {
      if (clock.now() > giveUpAt) throw new Error(`never came to be so; status ${await status()}`);
      const next = (await controller.advance()) ?? clock.now() + 1_000;
      if (isSo(await store.active())) return;
      clock.set(Math.max(next, clock.now() + 1));
    }
  };

  const status = async (): Promise<Status> => statusOf(await store.active());

  return {
    ...deps,
    storeFaults,
    cloud,
    collected,
    /** What was to be kept to be watched again, oldest first. */
    recorded,
    events,
    /** What the owner was told, oldest first. */
    notices,
    controller,
    guards,
    policy,
    newController: () => createController(deps),
    start: newStart(),
    newStart,
    wakes: () => wakes,
    teardown: createTeardown(requestDeps),
    extend: createExtend(requestDeps),
    active,
    status,
    deployment: async (): Promise<Deployment> => (await active()).deployment,
    runFor: (ms: number) => runUntil(clock.now() + ms),
    runUntilThat,
    runUntilStatus: (wanted: Status) => runUntilThat((record) => statusOf(record) === wanted),
    ledger: async () => (await store.ledger({ limit: 50, before: null })).tombstones,
    eventsNamed: (name: string) => events.filter((event) => event.name === name),
  };
};

export type Stage = ReturnType<typeof createStage>;
