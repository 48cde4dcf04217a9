import { setTimeout as delay } from 'node:timers/promises';
import type { Fate, FateOf } from '../../processes/faulty-proxy.ts';
import type { Chances } from './chances.ts';
import { type Errand, errandAtGitlab, errandAtStore } from './errands.ts';
import { badFate, type Dependency, noFate } from './fates.ts';
import type { Timeline } from './timeline.ts';

/** How many of a hundred requests go wrong; `cut-off`: all of them, and none arrives. */
const PERCENT_WRONG = { fair: 1, stormy: 12, 'cut-off': 100 } as const;
type Weather = keyof typeof PERCENT_WRONG;

/** How often, in per cent, a server is struck down in the middle of this errand: where a crash hurts most. */
const PERCENT_STRUCK: Readonly<Partial<Record<Errand, number>>> = {
  create: 25,
  cancel: 15,
  schedule: 10,
  lock: 10,
  decision: 5,
  reply: 15,
  history: 10,
};

/** What the network may do to a server that has sent a request. */
export interface Traveller {
  readonly name: string;
  /** While it starts it makes its table and its samples, which on AWS nobody has to. */
  isStarting(): boolean;
  /** Kills it, pauses it or tells it to leave, in the middle of an errand. */
  strike(errand: Errand): void;
}

export interface Network {
  /** The way from a server to one of its neighbours. */
  fateOf(traveller: Traveller, dependency: Dependency): FateOf;
  /** Lets the weather change until the signal says that it is enough; then it is clear everywhere. */
  blow(signal: AbortSignal): Promise<void>;
}

const LINES = 6;

/** Makes the network between the servers and their neighbours. */
export const createNetwork = (chances: Chances, timeline: Timeline): Network => {
  const weathers = new Map<string, Weather>();
  let isOver = false;

  const fateOn = (line: string, weather: Weather, dependency: Dependency, errand: Errand, dice: Chances): Fate => {
    if (!dice.percent(PERCENT_WRONG[weather])) return { kind: 'pass' };
    const fate = weather === 'cut-off' ? noFate(dice) : badFate(dice, dependency, errand);
    const what = fate.kind === 'answer' ? `${fate.answer.status}` : fate.kind;
    const ms = fate.kind === 'delay' ? ` ${fate.delayMs} ms` : '';
    timeline.note(`network ${line} ${errand}: ${what}${ms}`);
    return fate;
  };

  return {
    fateOf: (traveller, dependency) => {
      const line = `${traveller.name}→${dependency}`;
      const dice = chances.branch(line);
      weathers.set(line, 'fair');
      return (request) => {
        const errand = dependency === 'gitlab' ? errandAtGitlab(request) : errandAtStore(request);
        const isSheltered = dependency === 'dynamodb' && (errand === 'table' || traveller.isStarting());
        if (isOver || isSheltered) return { kind: 'pass' };
        if (dice.percent(PERCENT_STRUCK[errand] ?? 0)) {
          traveller.strike(errand);
          return dice.percent(50) ? { kind: 'pass' } : { kind: 'lose-request' };
        }
        return fateOn(line, weathers.get(line) ?? 'fair', dependency, errand, dice);
      };
    },
    blow: async (signal) => {
      const dice = chances.branch('weather');
      const stop = () => {
        isOver = true;
      };
      signal.addEventListener('abort', stop);
      while (!isOver) {
        const wanted = dice.one<Weather>(['stormy', 'stormy', 'fair', 'cut-off']);
        const count = dice.weighted([
          [4, 1],
          [2, 2],
          [1, LINES],
        ]);
        const lines = Array.from({ length: count }, () => dice.one([...weathers.keys()]));
        for (const line of lines) weathers.set(line, wanted);
        timeline.note(`weather ${wanted}: ${lines.join(', ')}`);
        await delay(dice.between(500, 3_500), undefined, { signal }).catch(() => undefined);
        // No weather lasts: everybody gets something done in between.
        for (const line of lines) weathers.set(line, 'fair');
        await delay(dice.between(0, 4_000), undefined, { signal }).catch(() => undefined);
      }
    },
  };
};
