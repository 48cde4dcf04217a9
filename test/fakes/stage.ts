import { type Controller, createController } from '../../src/lifecycle/controller.ts';
import type { Deployment, Instant, Policy } from '../../src/lifecycle/deployment.ts';
import type { ActiveRecord, EventLog } from '../../src/lifecycle/ports.ts';
import type { StartRequest } from '../../src/lifecycle/requests.ts';
import { createStart } from '../../src/lifecycle/start.ts';
import { type Status, statusOf } from '../../src/lifecycle/status.ts';
import { createExtend, createTeardown } from '../../src/lifecycle/teardown.ts';
import { REAL_POLICY } from '../../src/policies.ts';
import { createFakeClock } from './fake-clock.ts';
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

export const VISITOR: StartRequest = { visitorHash: 'visitor', hasOrigin: true, idempotency: null, durationMs: null };

export interface StageOptions {
  readonly policy?: Policy;
  readonly nextNightlyAt?: () => Instant | null;
}

/** The real lifecycle on a virtual clock, an in-memory store, and models of GitLab and the cloud. */
export const createStage = ({ policy = REAL_POLICY, nextNightlyAt = () => null }: StageOptions = {}) => {
  const clock = createFakeClock();
  const storeFaults = createStoreFaults();
  const store = createMemoryStore(storeFaults);
  const credentials = createFakeCredentials();
  const cloud = createFakeCloud(clock);
  const pipelines = createFakePipelines(clock, cloud);
  const events: LoggedEvent[] = [];
  const log: EventLog = { event: (level, name, fields) => events.push({ level, name, fields }) };
  const deps = {
    store,
    pipelines,
    probe: cloud,
    inventory: cloud,
    secondDestroyer: cloud,
    deadLetters: store,
    credentials,
    clock,
    log,
  };
  const controller: Controller = createController(deps);
  const wake = () => {};
  const requestDeps = { store, credentials, clock, log, wake };
  const start = createStart({
    ...requestDeps,
    idempotency: store,
    controller,
    policy,
    hourlyCostUsd: 0.18,
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
    events,
    controller,
    policy,
    newController: () => createController(deps),
    start,
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
