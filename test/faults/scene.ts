import type { Test } from 'tap';
import { createChecks } from '../../src/compose-health.ts';
import { createHourly } from '../../src/jobs/hourly.ts';
import { createNightly } from '../../src/jobs/nightly.ts';
import { createHandleOrphan, createRevisitOrphans } from '../../src/jobs/orphans.ts';
import type { Policy } from '../../src/lifecycle/deployment.ts';
import { isDemoError } from '../../src/lifecycle/errors.ts';
import type { Notice } from '../../src/lifecycle/notice.ts';
import type { ActiveRecord, EventLog } from '../../src/lifecycle/ports.ts';
import { type Status, statusOf } from '../../src/lifecycle/status.ts';
import { createViews } from '../../src/lifecycle/views.ts';
import type { FaultParameters } from '../../src/local/gitlab-simulator/fault-store.ts';
import type { FaultName } from '../../src/local/gitlab-simulator/fault-table.ts';
import { REAL_POLICY } from '../../src/policies.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createStage, type LoggedEvent, VISITOR } from '../fakes/stage.ts';
import { createDiary } from './diary.ts';
import { createHealthDiary } from './health-diary.ts';
import { startNeighbours } from './neighbours.ts';
import { actionOf, stateOf } from './simulated.ts';

const HOUR_MS = 3_600_000;
/** As often as on AWS. */
const HEALTH_EVERY_MS = 25_000;
/** Long enough for every deadline, every wait of the quarantine's first day and every proof. */
const GIVE_UP_MS = 60 * HOUR_MS;
const CURRENT = { kind: 'current' } as const;

/**
 * The real lifecycle, jobs, views, pre-flight and adapters against the real simulator, on one virtual clock. It drives
 * the controller as a server does, from one due time to the next, while a visitor looks at it after each.
 */
export const createScene = async (t: Test, policy: Policy = REAL_POLICY) => {
  const clock = createFakeClock();
  const events: LoggedEvent[] = [];
  const log: EventLog = { event: (level, name, fields) => events.push({ level, name, fields }) };
  const { simulator, origin, ports, logs, collector, ping, checkToken, setToken } = await startNeighbours(
    t,
    clock,
    log,
    policy,
    () => glance(),
  );
  const notices: Notice[] = [];
  const { health, preflight, alarms } = createChecks('aws', {
    store: { active: () => stage.store.active(), ledger: (query) => stage.store.ledger(query) },
    secrets: { freshen: async () => undefined },
    gitlab: { ping, checkToken },
    secondDestroyer: ports.secondDestroyer,
    inventory: ports.inventory,
    deadLetters: { list: () => stage.store.list() },
    slots: { claimSlot: (key, expiresAt) => stage.store.claimSlot(key, expiresAt) },
    notifier: { notify: (notice) => void notices.push(notice) },
    log,
    clock,
    jobs: () => [],
    jobProgress: async () => [],
  });
  /**
   * A server collects them beside its other work; here that waits for its turn, so that every run is the same. Only
   * the cases about logs do it: for all others it would be twice the work.
   */
  let collects = false;
  const uncollected: Parameters<typeof collector.collect>[] = [];
  const collectLogs: typeof collector.collect = (...work) => void uncollected.push(work);
  const stage = createStage({ policy, clock, log, ports: { ...ports, preflight, collectLogs } });
  const orphanDeps = { ...stage, ...ports, hourlyCostUsd: 0.18 };
  const handleOrphan = createHandleOrphan(orphanDeps);
  const nightly = createNightly({ ...orphanDeps, handleOrphan });
  const hourly = createHourly({
    controller: stage.controller,
    deadLetters: stage.store,
    revisitOrphan: createRevisitOrphans(orphanDeps, handleOrphan),
    catchUp: async () => 0,
  });
  const views = createViews({ reader: stage.store, logs, clock, blockage: () => stage.guards.standing() });
  const diary = createDiary();
  const healthDiary = await createHealthDiary(t, { health, alarms });
  const faultAtSight: string[] = [];
  let nextHourlyAt = clock.now() + HOUR_MS;
  let startedId: string | null = null;
  let beforeTheLock = (): void => {};
  let nextHealthAt = clock.now();

  /** One round of the background checks, and a look at `/healthz`. */
  const checkHealth = async (): Promise<void> => {
    nextHealthAt = clock.now() + HEALTH_EVERY_MS;
    await healthDiary.note();
  };

  /** What a visitor sees now. Idle with something left in the account is the one thing that must never be seen. */
  const look = async (): Promise<ActiveRecord | null> => {
    const record = await stage.store.active();
    if (record === null || clock.now() >= nextHealthAt) await checkHealth();
    views.invalidate();
    const view = await views.view(CURRENT);
    const isStale = await views.pipeline(CURRENT).then(
      ({ stale }) => stale,
      () => false,
    );
    if (view !== null) diary.note(view, isStale);
    const left = view?.status === 'idle' ? stateOf(simulator).resources : [];
    if (left.length > 0) faultAtSight.push(`idle with ${left.map(({ type }) => type).join(', ')}`);
    return record;
  };

  /** While the server waits for an answer, the visitor looks as well; not while the question was his own. */
  const glance = async (): Promise<void> => {
    if ((await stage.status()) !== 'idle') await look();
  };

  /** One turn of the driver, and of the hourly job when its time has come. Answers with what there was to see. */
  const turn = async (): Promise<ActiveRecord | null> => {
    const next = await stage.controller.advance();
    for (const work of uncollected.splice(0)) if (collects) collector.collect(...work);
    await collector.idle();
    if (clock.now() >= nextHourlyAt) {
      nextHourlyAt += HOUR_MS;
      await hourly(clock.now());
    }
    const record = await look();
    clock.set(Math.max(Math.min(next ?? clock.now() + 60_000, nextHourlyAt), clock.now() + 1));
    return record;
  };

  const untilThat = async (isSo: (record: ActiveRecord | null) => boolean): Promise<void> => {
    const giveUpAt = clock.now() + GIVE_UP_MS;
    for (let record = await look(); !isSo(record); record = await turn()) {
      if (record === null || clock.now() > giveUpAt) throw new Error(`not so: ${diary.pages().join(' · ')}`);
    }
  };

  return {
    ...stage,
    ports,
    origin,
    simulator,
    views,
    events,
    nightly,
    hourly,
    look,
    until: (wanted: Status) => untilThat((record) => statusOf(record) === wanted),
    untilThat,
    faultAtSight,
    startedId: () => startedId,
    /** Switches a fault on. */
    fault: (name: FaultName, parameters: FaultParameters = {}) => simulator.control.setFault(name, parameters),
    repair: () => simulator.control.clearFaults(),
    /** What `POST` answers: `created`, or the code of the refusal. The background checks are as fresh as can be. */
    press: async (): Promise<string> => {
      await checkHealth();
      stage.guards.invalidate();
      // What is found now holds for the press; whatever begins after it meets a start that is under way.
      await stage.guards.standing();
      beforeTheLock();
      try {
        startedId = (await stage.start(VISITOR)).id;
        return 'created';
      } catch (error) {
        if (isDemoError(error)) return error.code;
        throw error;
      } finally {
        await look();
      }
    },
    /** Something happens when the next press was found to be possible, and has not taken the lock yet. */
    justBeforeTheLock: (happen: () => void): void => {
      beforeTheLock = () => {
        beforeTheLock = () => {};
        happen();
      };
    },
    /** From now on the logs are collected as well. */
    collectLogs: (): void => {
      collects = true;
    },
    /** The starter ends it. */
    tearDown: async (): Promise<void> => {
      const bearer = stage.credentials.controlToken(startedId ?? '');
      await stage.teardown({ target: CURRENT, bearer, precondition: null });
      await look();
    },
    /** Lets virtual time pass, with the server at work. */
    pass: async (ms: number): Promise<void> => {
      const end = clock.now() + ms;
      while (clock.now() < end) await turn();
    },
    /** What the visitor saw, without repetitions. */
    seen: () => diary.pages(),
    /** What `/healthz` has shown so far, each trouble once; and what it shows after another round. */
    troubles: () => healthDiary.troubles(),
    healthz: async () => {
      await checkHealth();
      return healthDiary.latest();
    },
    notices,
    health,
    alarms,
    setToken,
    /** Every pipeline that was made, in order, and how it stands. */
    pipelinesMade: () => stateOf(simulator).pipelines.map((pipeline) => `${actionOf(pipeline)} ${pipeline.status}`),
    state: () => stateOf(simulator),
    count: (event: string) => events.filter(({ name }) => name === event).length,
  };
};

export type Scene = Awaited<ReturnType<typeof createScene>>;
