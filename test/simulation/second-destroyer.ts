import type { Instant } from '../../src/lifecycle/deployment.ts';
import type { Dice } from '../fakes/dice.ts';
import type { Cloud } from './cloud.ts';
import type { Events } from './events.ts';
import type { Trouble } from './trouble.ts';
import type { Work } from './work.ts';

const MINUTE_MS = 60_000;

interface Schedule {
  nextAt: Instant;
  readonly everyMs: number;
}

export interface Schedules {
  arm(deploymentId: string, firstRunAt: Instant, everyMs: number): void;
  disarm(deploymentId: string): void;
  /** Moves the next run to now; false when there is no such schedule. */
  hasten(deploymentId: string): boolean;
  armed(): readonly string[];
}

export interface SchedulesDeps {
  readonly events: Pick<Events<unknown>, 'now' | 'at'>;
  readonly dice: Dice;
  readonly trouble: Trouble;
  readonly work: Work;
  readonly cloud: Cloud;
  readonly trace: (what: string) => void;
}

/** Makes the second destroyer: a schedule to a deployment that destroys again and again until it is taken away. */
export const createSchedules = ({ events, dice, trouble, work, cloud, trace }: SchedulesDeps): Schedules => {
  const schedules = new Map<string, Schedule>();
  let isBuilding = false;
  const waiting: string[] = [];

  const build = (deploymentId: string): void => {
    isBuilding = true;
    const isBroken = trouble.isOut('second-destroyer-builds');
    trace(`the second destroyer runs for ${deploymentId.slice(-4)}${isBroken ? ', in vain' : ''}`);
    work.begin({
      holdersEnded: false,
      name: 'the second destroyer',
      deploymentId,
      direction: 'destroy',
      durationMs: (3 + dice(4)) * MINUTE_MS,
      behaviour: isBroken ? { end: 'fails' } : {},
      onEnd: () => {
        isBuilding = false;
        const next = waiting.shift();
        if (next !== undefined) build(next);
      },
    });
  };

  const wait = (deploymentId: string, schedule: Schedule): void => {
    const { nextAt } = schedule;
    events.at(nextAt, () => {
      if (schedules.get(deploymentId) !== schedule || schedule.nextAt !== nextAt) return;
      schedule.nextAt = nextAt + schedule.everyMs;
      wait(deploymentId, schedule);
      if (!isBuilding) build(deploymentId);
      else if (!waiting.includes(deploymentId)) waiting.push(deploymentId);
    });
  };

  return {
    arm: (deploymentId, firstRunAt, everyMs) => {
      if (schedules.has(deploymentId)) return;
      const schedule = { nextAt: Math.max(firstRunAt, events.now()), everyMs };
      schedules.set(deploymentId, schedule);
      wait(deploymentId, schedule);
    },
    disarm: (deploymentId) => {
      schedules.delete(deploymentId);
    },
    hasten: (deploymentId) => {
      const schedule = schedules.get(deploymentId);
      if (schedule === undefined) return false;
      schedule.nextAt = events.now();
      wait(deploymentId, schedule);
      trace(`the second destroyer is hastened, ${cloud.exists(deploymentId) ? 'something' : 'nothing'} exists`);
      return true;
    },
    armed: () => [...schedules.keys()],
  };
};
