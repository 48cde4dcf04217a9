import type { Instant } from '../../src/lifecycle/deployment.ts';
import { isDemoError } from '../../src/lifecycle/errors.ts';
import type { Actor } from './actor.ts';
import type { Violation } from './invariants.ts';
import { type Incident, type Plan, START_AT } from './plan.ts';
import { createWatchman } from './watchman.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** After the last incident everything works; it has to come to rest by itself within this. */
const REST_WITHIN_MS = 80 * HOUR_MS;
/** And when a person has removed what was left, within this: the hourly reading, the proof, the nightly sweep. */
const HEAL_WITHIN_MS = 30 * HOUR_MS;
/** What is quarantined for so long does not go by itself any more; watching it for longer finds nothing. */
const GIVEN_UP_AFTER_MS = 8 * HOUR_MS;
const CHECK_EVERY_MS = 10 * MINUTE_MS;

export interface Outcome {
  readonly violation: Violation | null;
  readonly deployments: number;
  readonly builds: number;
  readonly requests: number;
  readonly events: number;
  readonly quarantined: boolean;
  readonly virtualMs: number;
}

/** What a visitor does is refused for many good reasons; anything that is no refusal is a defect. */
const ask = (world: World, actor: Actor | undefined, what: (actor: Actor) => Promise<unknown> | undefined): void => {
  if (actor?.isUp !== true || actor.pausedUntil > world.events.now()) return;
  world.events.current.actor = actor;
  world.events.resumed();
  what(actor)?.catch((error: unknown) => {
    if (!isDemoError(error)) world.invariants.break(`a request failed: ${String(error)}`);
  });
};

const press = (world: World, actor: Actor, key: number | null): Promise<unknown> | undefined => {
  const idempotency = key === null ? null : { key: `key ${key}`, bodyHash: 'body' };
  world.trace(`somebody presses at task ${actor.index}`);
  const request = { visitorHash: 'visitor', hasOrigin: true, idempotency, durationMs: null, referringPage: null };
  return actor.requests?.start(request).then(({ id }) => world.ids.deployments.add(id));
};

const latestPipeline = (world: World, direction: 'apply' | 'destroy') =>
  world.gitlab.all.findLast(({ request, byHandAt }) => request.direction === direction && byHandAt === null);

const foreign = (world: World): void => {
  const deployment = world.invariants.held?.deployment;
  // After the goal went down nobody could be protected from somebody who goes on building by hand.
  if (deployment === undefined || deployment.goal.direction === 'down') return;
  // Nobody knows its id and has a pipeline with it within the first minute.
  if (world.events.now() - deployment.createdAt < 2 * MINUTE_MS) return;
  const deploymentId = deployment.owner;
  const startBefore = world.events.now() + 10 * MINUTE_MS;
  const requestId = world.credentials.newId();
  world.gitlab.create({ direction: 'apply', deploymentId, requestId, startBefore, holdersEnded: false }, true);
};

const play = (world: World, incident: Incident): void => {
  const { events, actors } = world;
  switch (incident.kind) {
    case 'press':
      ask(world, actors[incident.task], (actor) => press(world, actor, incident.key));
      return;
    case 'teardown':
      ask(world, actors[incident.task], (actor) => {
        const id = world.holder();
        if (id === null) return undefined;
        world.trace(`somebody wants it down, at task ${actor.index}`);
        const target = { kind: 'id', id } as const;
        return actor.requests?.teardown({ target, bearer: `control:${id}`, precondition: null });
      });
      return;
    case 'extend':
      ask(world, actors[incident.task], (actor) => {
        const deployment = world.invariants.held?.deployment;
        if (deployment === undefined) return undefined;
        const { owner: id, expiresAt } = deployment;
        const request = { target: { kind: 'id', id } as const, bearer: `control:${id}`, precondition: null };
        return actor.requests?.extend({ ...request, expiresAt: (expiresAt ?? events.now()) + incident.byMs });
      });
      return;
    case 'crash': {
      const actor = actors[incident.task];
      if (actor === undefined) return;
      world.trace(`task ${actor.index} dies`);
      world.crash(actor, incident.downMs);
      return;
    }
    case 'pause': {
      const actor = actors[incident.task];
      if (actor === undefined) return;
      world.trace(`task ${actor.index} stands still for ${incident.ms} ms`);
      world.disturb();
      actor.pausedUntil = Math.max(actor.pausedUntil, events.now() + incident.ms);
      return;
    }
    case 'dark':
      world.trace('every task dies');
      for (const actor of actors) world.crash(actor, incident.ms);
      return;
    case 'hand-retry': {
      const pipeline = latestPipeline(world, 'apply');
      if (pipeline !== undefined) world.gitlab.retry(pipeline);
      return;
    }
    case 'auto-stop': {
      const pipeline = latestPipeline(world, 'apply');
      if (pipeline?.state === 'succeeded') pipeline.stopJobAt = events.now();
      return;
    }
    case 'hide': {
      const pipeline = world.gitlab.all.at(-1);
      if (pipeline !== undefined) pipeline.hiddenUntil = events.now() + incident.ms;
      return;
    }
    case 'foreign':
      foreign(world);
      return;
    case 'orphan': {
      const deploymentId = world.credentials.newId();
      world.ids.orphans.add(deploymentId);
      world.trace(`something of ${deploymentId.slice(-4)} exists, and nobody knows of it`);
      world.cloud.build({ name: 'somebody by hand', deploymentId, isAlive: true });
      return;
    }
  }
};

/** Whether nothing is left to do, anywhere. */
const isAtRest = (world: World): boolean =>
  world.holder() === null &&
  world.cloud.existing().length === 0 &&
  world.store.peekLetters().every(({ kind }) => kind === 'job');

const checkEnd = (world: World): void => {
  const { invariants, store } = world;
  if (!isAtRest(world)) {
    const letters = store.peekLetters().map(({ id, kind }) => `${kind} ${id.slice(-4)}`);
    const left = [
      `holder ${world.holder()?.slice(-4) ?? 'none'}`,
      `exists ${world.cloud.existing().length}`,
      ...letters,
    ];
    invariants.break(`it never came to rest: ${left.join(', ')}`);
    return;
  }
  for (const id of invariants.holders) {
    if (store.peekTombstone(id) === null) invariants.break(`the ledger does not know of ${id}`);
  }
  for (const id of world.ids.deployments) {
    if (!invariants.holders.has(id)) invariants.break(`${id} was promised and never held the lock`);
  }
};

/** Plays a plan to its end: all of its trouble, then the rest that has to follow. */
export const runPlan = async (plan: Plan, options: WorldOptions = {}): Promise<Outcome> => {
  const world = createWorld(plan, options);
  const { events, invariants, trouble } = world;
  const isOver = (): boolean => invariants.violation !== null;
  const timed = plan.incidents.filter((incident) => 'at' in incident);
  for (const incident of timed) events.at(START_AT + incident.at, () => play(world, incident));
  const watchman = createWatchman(world);
  const lastAt = START_AT + timed.reduce((latest, incident) => Math.max(latest, endOf(incident)), 0);

  let quarantined = false;
  const outcome = (): Outcome => {
    if (!isOver()) checkEnd(world);
    return {
      violation: invariants.violation,
      deployments: invariants.holders.size,
      builds: watchman.builds(),
      requests: world.sent(),
      events: events.count(),
      quarantined,
      virtualMs: events.now() - START_AT,
    };
  };

  await events.run(lastAt + HOUR_MS, isOver);
  trouble.end();
  const isGivenUp = (): boolean => {
    const quarantinedAt = invariants.held?.deployment.quarantinedAt ?? null;
    return quarantinedAt !== null && events.now() > Math.max(quarantinedAt, lastAt) + GIVEN_UP_AFTER_MS;
  };
  await restBy(world, lastAt + REST_WITHIN_MS, () => isOver() || isGivenUp());
  if (!isOver() && !isAtRest(world)) {
    const held = invariants.held?.deployment;
    quarantined = held?.quarantinedAt != null;
    const letters = world.store.peekLetters();
    if (quarantined && !letters.some(({ id, kind }) => kind === 'quarantine' && id === held?.owner)) {
      invariants.break('it is quarantined and no dead letter says so');
    }
    if (!quarantined) return outcome();
    world.trace('a person removes what is left');
    world.cloud.removeByHand();
    await restBy(world, events.now() + HEAL_WITHIN_MS, isOver);
  }
  return outcome();
};

const endOf = (incident: Incident & { readonly at: number }): number =>
  incident.at + ('ms' in incident ? incident.ms : 'downMs' in incident ? incident.downMs : 0);

const restBy = async (world: World, until: Instant, isOver: () => boolean): Promise<void> => {
  const { events } = world;
  while (!isOver() && events.now() < until && !isAtRest(world)) {
    await events.run(Math.min(until, events.now() + CHECK_EVERY_MS), isOver);
  }
};
