import { stopEnvironment } from './environment-actions.ts';
import { autoStopDueAt } from './environments.ts';
import { end, performNextEffect, releaseStages, start } from './job-lifecycle.ts';
import { carryOut } from './planned-events.ts';
import { endBuild, performNextBuildEffect, runSchedule, startableBuild, startBuild } from './second-destroyer.ts';
import type { World } from './world.ts';

/** Something that will happen by itself at a simulated time. */
interface DueEvent {
  readonly time: number;
  readonly happen: () => void;
}

/** A schedule of every second that nobody looked at for a day comes to 86,400 events; more than this is a mistake. */
const MAX_EVENTS = 1_000_000;

function pipelineEvents(world: World): DueEvent[] {
  return [...world.pipelines.values()].flatMap((pipeline) => {
    const time = pipeline.releaseTime;
    if (time === null) return [];
    const happen = (): void => {
      pipeline.releaseTime = null;
      releaseStages(world, pipeline, time);
    };
    return [{ time, happen }];
  });
}

function plannedEvents(world: World): DueEvent[] {
  return world.planned.map((event) => ({
    time: event.time,
    happen: () => {
      world.planned.splice(world.planned.indexOf(event), 1);
      carryOut(world, event);
    },
  }));
}

function jobEvents(world: World): DueEvent[] {
  return [...world.jobs.values()].flatMap((job) => {
    if (job.status === 'pending') return [{ time: job.pickupTime, happen: () => start(world, job, job.pickupTime) }];
    if (job.status !== 'running' && job.status !== 'canceling') return [];
    const ending = { time: job.endTime, happen: () => end(world, job, job.endTime) };
    const [effect] = job.pendingEffects;
    if (!effect) return [ending];
    return [{ time: job.startedTime + effect.atMs, happen: () => performNextEffect(world, job) }, ending];
  });
}

function buildEvents(world: World): DueEvent[] {
  const running = world.builds.find(({ status }) => status === 'running');
  if (!running) {
    const next = startableBuild(world);
    return next ? [{ time: world.time, happen: () => startBuild(world, next, world.time) }] : [];
  }
  const ending = { time: running.endTime, happen: () => endBuild(world, running, running.endTime) };
  const [effect] = running.pendingEffects;
  if (!effect) return [ending];
  return [{ time: running.startedTime + effect.atMs, happen: () => performNextBuildEffect(world, running) }, ending];
}

function scheduleEvents(world: World): DueEvent[] {
  return [...world.schedules.values()].map((schedule) => {
    // A first run that lies in the past is due now, not then: nothing happens before it was asked for.
    const time = Math.max(world.time, world.clock.toSimulated(schedule.nextRunAt));
    return { time, happen: () => runSchedule(world, schedule, time) };
  });
}

function environmentEvents(world: World): DueEvent[] {
  return [...world.environments.values()].flatMap((environment) => {
    const dueAt = autoStopDueAt(environment);
    if (dueAt === null) return [];
    const time = Math.max(world.time, world.clock.toSimulated(dueAt));
    return [{ time, happen: () => stopEnvironment(world, environment, time) }];
  });
}

function cloudEvents(world: World): DueEvent[] {
  const time = world.cloud.nextGoneAt();
  return time === null ? [] : [{ time, happen: () => world.cloud.forgetGone(time) }];
}

const SOURCES = [
  pipelineEvents,
  plannedEvents,
  jobEvents,
  buildEvents,
  scheduleEvents,
  environmentEvents,
  cloudEvents,
] as const;

function earliest(world: World): DueEvent | undefined {
  let first: DueEvent | undefined;
  for (const source of SOURCES) {
    for (const event of source(world)) if (!first || event.time < first.time) first = event;
  }
  return first;
}

/**
 * Lets everything happen that is due up to a simulated time, in order and each at its own time. So it makes no
 * difference whether the world is looked at every second or once after a day.
 */
export function advance(world: World, untilTime: number): void {
  for (let count = 0; count < MAX_EVENTS; count += 1) {
    const event = earliest(world);
    if (!event || event.time > untilTime) break;
    world.time = Math.max(world.time, event.time);
    event.happen();
  }
  world.time = Math.max(world.time, untilTime);
}
