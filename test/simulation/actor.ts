import { createCatchUp } from '../../src/jobs/catch-up.ts';
import { createDriver, type Timers } from '../../src/jobs/driver.ts';
import { createHourly } from '../../src/jobs/hourly.ts';
import { type JobName, type JobSummary, runJob } from '../../src/jobs/job.ts';
import { createNightly } from '../../src/jobs/nightly.ts';
import { createHandleOrphan, createRevisitOrphans } from '../../src/jobs/orphans.ts';
import { createController } from '../../src/lifecycle/controller.ts';
import type { Instant, Policy } from '../../src/lifecycle/deployment.ts';
import { createGuards } from '../../src/lifecycle/guards.ts';
import type {
  Clock,
  Credentials,
  EventLog,
  Inventory,
  LiveProbe,
  Notifier,
  Pipelines,
  Preflight,
  SecondDestroyer,
} from '../../src/lifecycle/ports.ts';
import type { Requests } from '../../src/lifecycle/requests.ts';
import { createStart } from '../../src/lifecycle/start.ts';
import { createExtend, createTeardown } from '../../src/lifecycle/teardown.ts';
import type { MemoryStore } from '../fakes/memory-store.ts';
import type { Events } from './events.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** When the nightly clean-up runs, after midnight UTC. */
const NIGHTLY_AT_MS = 3 * HOUR_MS;
const HOURLY_COST_USD = 0.18;
const NO_LIMITS = { perVisitorPerDay: null, perDay: null, noOriginPerDay: null };

/** One task of the service: it may end and come back, and stand still, and its clock may be off. */
export interface Actor {
  readonly index: number;
  readonly skewMs: number;
  /** Raised whenever it ends: what an earlier life waits for never comes. */
  generation: number;
  isUp: boolean;
  pausedUntil: Instant;
  /** What visitors reach while it is up. */
  requests: Requests | null;
}

export interface ActorDeps {
  readonly events: Events<Actor>;
  readonly store: MemoryStore;
  readonly pipelines: Pipelines;
  readonly inventory: Inventory;
  readonly probe: LiveProbe;
  readonly preflight: Preflight;
  readonly secondDestroyer: SecondDestroyer;
  readonly credentials: Credentials;
  readonly log: EventLog;
  readonly notifier: Notifier;
  readonly policy: Policy;
}

const slotBefore: Readonly<Record<JobName, (at: Instant) => Instant>> = {
  hourly: (at) => Math.floor(at / HOUR_MS) * HOUR_MS,
  nightly: (at) => Math.floor((at - NIGHTLY_AT_MS) / DAY_MS) * DAY_MS + NIGHTLY_AT_MS,
};

const periodMs: Readonly<Record<JobName, number>> = { hourly: HOUR_MS, nightly: DAY_MS };

/** Lets a task's code run later, if it is still the same life and does not stand still. */
const createLater =
  ({ events }: Pick<ActorDeps, 'events'>, actor: Actor) =>
  (delayMs: number, run: () => void): void => {
    const { generation } = actor;
    const goOff = (): void => {
      if (actor.generation !== generation) return;
      if (actor.pausedUntil > events.now()) {
        events.at(actor.pausedUntil, goOff);
        return;
      }
      events.current.actor = actor;
      run();
      events.resumed();
    };
    events.at(events.now() + delayMs, goOff);
  };

/** Starts a task anew: the real services over the ports of the world. It runs as that task from here on. */
export const bootActor = (actor: Actor, deps: ActorDeps): void => {
  const { events, store, log, policy } = deps;
  const bootedAt = events.now();
  const later = createLater(deps, actor);
  const clock: Clock = { now: () => events.now() + actor.skewMs, monotonicMs: () => events.now() - bootedAt };
  const timers: Timers = {
    set: (callback, delayMs) => {
      let isSet = true;
      later(delayMs, () => {
        if (isSet) callback();
      });
      return {
        cancel: () => {
          isSet = false;
        },
      };
    },
  };
  const nextNightlyAt = (): Instant => slotBefore.nightly(clock.now()) + DAY_MS;
  const shared = {
    ...deps,
    clock,
    deadLetters: store,
    slots: store,
    quotas: store.quotas,
    hourlyCostUsd: HOURLY_COST_USD,
    collectLogs: () => {},
    recordRun: () => {},
  };
  const controller = createController(shared);
  const driver = createDriver(controller, clock, timers);
  const wake = driver.wake;
  const guards = createGuards({
    reader: store,
    switchStore: store.switch,
    quotas: store.quotas,
    preflight: deps.preflight,
    clock,
    budget: { monthlyUsd: 1_000_000, hourlyCostUsd: HOURLY_COST_USD, policy },
    limits: NO_LIMITS,
    nextNightlyAt,
  });

  const handleOrphan = createHandleOrphan(shared);
  const revisitOrphan = createRevisitOrphans(shared, handleOrphan);
  const runSlot = (name: JobName, slot: Instant): Promise<JobSummary> => runJob(shared, name, slot, bodies[name]);
  const catchUp = createCatchUp(
    { slots: store, clock, log, shouldRun: (key) => store.claimSlot(key, clock.now() + 2 * DAY_MS) },
    (['hourly', 'nightly'] as const).map((name) => ({
      name,
      slotBefore: slotBefore[name],
      run: (slot) => runSlot(name, slot),
    })),
  );
  const bodies = {
    hourly: createHourly({ ...shared, controller, revisitOrphan, catchUp: () => catchUp(['nightly']) }),
    nightly: createNightly({ ...shared, controller, handleOrphan }),
  };

  const onSlot = async (name: JobName, slot: Instant): Promise<void> => {
    if (await store.claimSlot(`${name}:${slot}`, clock.now() + 2 * DAY_MS)) await runSlot(name, slot);
  };
  const waitForSlot = (name: JobName): void => {
    const next = slotBefore[name](clock.now()) + periodMs[name];
    later(next - clock.now(), () => {
      // Without the store nobody runs; the catch-up makes up for it.
      onSlot(name, next).catch(() => {});
      waitForSlot(name);
    });
  };

  actor.isUp = true;
  actor.requests = {
    start: createStart({
      ...shared,
      idempotency: store,
      guards,
      limits: NO_LIMITS,
      controller,
      nextNightlyAt,
      wake,
    }),
    teardown: createTeardown({ ...shared, wake }),
    extend: createExtend({ ...shared, wake }),
  };
  events.current.actor = actor;
  catchUp(['hourly', 'nightly']).catch(() => {});
  driver.start();
  waitForSlot('hourly');
  waitForSlot('nightly');
  events.resumed();
};
