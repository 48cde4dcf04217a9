import { DemoError } from '../../src/lifecycle/errors.ts';
import type { Credentials, EventLog } from '../../src/lifecycle/ports.ts';
import { createDice } from '../fakes/dice.ts';
import { createFakeCredentials } from '../fakes/fake-credentials.ts';
import { type Actor, type ActorDeps, bootActor } from './actor.ts';
import { createCloud } from './cloud.ts';
import { createSend, type Send } from './delivery.ts';
import { createEvents } from './events.ts';
import { createGitlab, isOrdinary, isTerminal } from './gitlab.ts';
import { createInvariants } from './invariants.ts';
import { type Plan, START_AT } from './plan.ts';
import { createLooks, createPipelines, createSecondDestroyer } from './ports.ts';
import { createSchedules } from './second-destroyer.ts';
import { createStore } from './store.ts';
import { createTrouble } from './trouble.ts';
import { createWork } from './work.ts';

export interface WorldOptions {
  /** Told what happens, as text, with the instant; absent: nobody wants to know. */
  readonly onTrace?: (at: number, what: string) => void;
  /** Told each reason for a step that was taken. */
  readonly onStep?: (reason: string) => void;
}

const MINUTE_MS = 60_000;
/** What an account that is as it should be takes to delete something. */
const DELETING_MS = 90_000;
/** A double is listed when nobody can still be sending, and cancelled at once; with rare polls and some races on top. */
const NOTICED_WITHIN_MS = 2 * MINUTE_MS;
/** A cancel that was lost is asked for again after so many. */
const CANCELLED_AGAIN_POLLS = 6;

/** A clock that is off by a minute, and the time a task takes to get going. */
const CALM_BEFORE_MS = 90_000;

/** Ids in the order of their making, in the shape of a UUIDv7 with the world's time in it. */
const createIds = (now: () => number): Credentials => {
  let count = 0;
  const newId = (): string => {
    count += 1;
    const at = now().toString(16).padStart(12, '0');
    return `${at.slice(0, 8)}-${at.slice(8)}-7000-8000-${count.toString(16).padStart(12, '0')}`;
  };
  return { ...createFakeCredentials(), newId };
};

/** Makes the whole world of a plan, with every task up and nobody pressing anything yet. */
export const createWorld = (plan: Plan, { onTrace, onStep }: WorldOptions = {}) => {
  const events = createEvents<Actor>(START_AT);
  const { now } = events;
  const dice = createDice(plan.seed);
  const trouble = createTrouble(plan, events);
  let disturbedAt = START_AT;
  const disturb = (): void => {
    disturbedAt = now();
  };
  const trace = (what: string): void => onTrace?.(now(), what);
  const credentials = createIds(now);
  const ids = { deployments: new Set<string>(), orphans: new Set<string>() };

  const invariants = createInvariants({
    now,
    exists: (id) => cloud.exists(id),
    mayStillBuild: (id, asOf) =>
      gitlab
        .of(id)
        .some(
          (pipeline) =>
            pipeline.request.direction === 'apply' &&
            (pipeline.byHandAt ?? 0) < asOf &&
            !isTerminal(pipeline) &&
            (pipeline.state !== 'waiting' || now() <= (pipeline.request.startBefore ?? 0)),
        ),
    couldSeeDouble: (id) =>
      actors.some(({ isUp, pausedUntil }) => isUp && pausedUntil <= now()) &&
      now() - Math.max(disturbedAt, gitlab.of(id).at(-1)?.createdAt ?? 0) >
        NOTICED_WITHIN_MS + CANCELLED_AGAIN_POLLS * plan.policy.pollMs,
    wasHidden: (id) => gitlab.of(id).some(({ hiddenUntil }) => hiddenUntil > 0),
    isUndisturbed: ({ owner, createdAt }) => {
      const since = createdAt - CALM_BEFORE_MS;
      const isAlone = cloud.existing().every((id) => id === owner);
      const isTaken = plan.incidents.every(({ kind }) => kind !== 'refuse') && gitlab.of(owner).every(isOrdinary);
      return disturbedAt < since && !trouble.wasAnythingOutSince(since) && isAlone && isTaken;
    },
    isOrphan: (id) => store.peekLetters().some((letter) => letter.kind === 'orphan' && letter.id === id),
    isArmed: (id) => schedules.armed().includes(id),
    hasTombstone: (id) => store.peekTombstone(id) !== null,
  });
  const hardness = () => trouble.nextLeftovers() ?? { survives: 0, deletingMs: DELETING_MS };
  const cloud = createCloud({ events, hardness, onBuilt: invariants.onBuilt, trace });
  const work = createWork(events, cloud);
  const gitlab = createGitlab({ events, dice, trouble, work, trace });
  const schedules = createSchedules({ events, dice, trouble, work, cloud, trace });

  const boot = (actor: Actor): void => {
    trace(`task ${actor.index} starts`);
    disturb();
    bootActor(actor, deps);
  };
  const crash = (actor: Actor, downMs: number): void => {
    if (!actor.isUp) return;
    disturb();
    actor.generation += 1;
    actor.isUp = false;
    actor.requests = null;
    actor.pausedUntil = 0;
    const { generation } = actor;
    events.at(now() + downMs, () => {
      if (actor.generation === generation && !actor.isUp) boot(actor);
    });
  };
  let requests = 0;
  const deliver = createSend({ events, dice, trouble, crash, disturb, trace });
  const send: Send = (request) => {
    requests += 1;
    return deliver(request);
  };
  const store = createStore(send, trouble, invariants);

  const log: EventLog = {
    event: (_level, name, fields) => {
      const { error, because } = fields;
      if (error !== undefined && !(error instanceof DemoError)) invariants.break(`${name}: ${String(error)}`);
      if (typeof because === 'string' && name === 'deployment.step') onStep?.(because);
      if (onTrace === undefined) return;
      const told = Object.entries(fields).map(([key, value]) => `${key}=${shortened(value)}`);
      trace(`task ${events.current.actor?.index ?? '-'} ${name} ${told.join(' ')}`);
    },
  };
  const holder = (): string | null => invariants.held?.deployment.owner ?? null;
  const portDeps = { events, dice, trouble, send, cloud, gitlab, schedules, invariants, policy: plan.policy, holder };
  const deps: ActorDeps = {
    events,
    store,
    pipelines: createPipelines(portDeps),
    ...createLooks(portDeps),
    secondDestroyer: createSecondDestroyer(portDeps),
    credentials,
    log,
    notifier: { notify: invariants.onNotice },
    policy: plan.policy,
  };
  const actors = plan.skewsMs
    .slice(0, plan.tasks)
    .map((skewMs, index): Actor => ({ index, skewMs, generation: 0, isUp: false, pausedUntil: 0, requests: null }));
  for (const actor of actors) events.at(START_AT + dice(MINUTE_MS), () => boot(actor));

  return {
    events,
    dice,
    trouble,
    trace,
    credentials,
    ids,
    invariants,
    cloud,
    gitlab,
    schedules,
    store,
    actors,
    boot,
    crash,
    holder,
    disturb,
    sent: () => requests,
  };
};

export type World = ReturnType<typeof createWorld>;

const shortened = (value: unknown): string => {
  if (value instanceof DemoError) return value.code;
  return typeof value === 'string' && value.length === 36 ? value.slice(-4) : String(value);
};
