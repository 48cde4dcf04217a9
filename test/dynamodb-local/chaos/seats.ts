import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Test } from 'tap';
import { type Running, startProcess } from '../../processes/processes.ts';
import type { Chances } from './chances.ts';
import type { Errand } from './errands.ts';
import type { Exit } from './facts.ts';
import type { Traveller } from './network.ts';
import type { Timeline } from './timeline.ts';

const LOOK_EVERY_MS = 50;
/** Longer than a request may be sent after its claim (2 s) and than a look is waited for (3 s), in local mode. */
const PAUSE_MS = { least: 3_500, most: 8_000 };
const AWAY_MS = { least: 0, most: 3_500 };

/** The place of one of the servers: whoever sits in it dies, and another one takes it. */
export interface Seat extends Traveller {
  /** Where it can be reached; null while nobody serves there. */
  url(): string | null;
  /** Starts a server in it, with these variables besides its own; does nothing while there is one. */
  take(env?: Readonly<Record<string, string>>): void;
  /** As `kill -9` does; whether it starts, serves, pauses or leaves. */
  kill(): void;
  /** Stops it in its tracks for longer than any claim of it lasts. Does nothing unless it serves. */
  pause(): void;
  /** Tells it to leave, as a new version does. Does nothing unless it serves. */
  leave(): void;
  /** From now on nobody takes the seat but by `take`, and whoever is paused goes on. */
  settle(): void;
  /** Resolves when the seat is empty. */
  empty(): Promise<void>;
  /** What all who sat in it have written. */
  outputs(): readonly string[];
}

export interface SeatOptions {
  readonly name: string;
  readonly chances: Chances;
  readonly timeline: Timeline;
  readonly exited: (exit: Exit) => void;
}

interface Sitting {
  readonly running: Running;
  readonly told: NodeJS.Signals[];
  url: string | null;
  isPaused: boolean;
}

/** Makes an empty seat. `environment` is asked when it is taken first, since the way to a server needs its seat. */
export const createSeat = (
  t: Test,
  { name, chances, timeline, exited }: SeatOptions,
  environment: () => Readonly<Record<string, string>>,
): Seat => {
  const all: Running[] = [];
  let sitting: Sitting | null = null;
  let gone: Promise<void> = Promise.resolve();
  let isSettled = false;

  const send = (to: Sitting, signal: NodeJS.Signals): void => {
    to.told.push(signal);
    to.running.child.kill(signal);
  };

  const serves = (): Sitting | null =>
    sitting !== null && sitting.url !== null && sitting.told.length === 0 && !sitting.isPaused ? sitting : null;

  const awaitUrl = async (mine: Sitting): Promise<void> => {
    while (sitting === mine && mine.url === null) {
      mine.url = /demo-on-demand is at (\S+)/.exec(mine.running.output())?.[1] ?? null;
      if (mine.url === null) await delay(LOOK_EVERY_MS, undefined, { ref: false });
    }
  };

  const awaitEnd = async (mine: Sitting): Promise<void> => {
    const [code, signal] = (await once(mine.running.child, 'exit')) as [number | null, NodeJS.Signals | null];
    sitting = null;
    timeline.note(`${name} ended with ${code ?? signal}`);
    exited({ seat: name, code, signal, told: mine.told, wasUp: mine.url !== null });
  };

  const comeBack = async (): Promise<void> => {
    await delay(chances.between(AWAY_MS.least, AWAY_MS.most), undefined, { ref: false });
    if (!isSettled) take();
  };

  const take = (env: Readonly<Record<string, string>> = {}): void => {
    if (sitting !== null) return;
    timeline.note(`${name} starts`);
    const running = startProcess(t, 'src/server.ts', { ...environment(), ...env });
    all.push(running);
    const mine: Sitting = { running, told: [], url: null, isPaused: false };
    sitting = mine;
    gone = awaitEnd(mine);
    void gone.then(comeBack);
    void awaitUrl(mine);
  };

  const kill = (): void => {
    if (sitting === null) return;
    timeline.note(`kill ${name}`);
    send(sitting, 'SIGKILL');
  };

  const pause = (): void => {
    const mine = serves();
    if (mine === null) return;
    const pauseMs = chances.between(PAUSE_MS.least, PAUSE_MS.most);
    timeline.note(`pause ${name} for ${pauseMs} ms`);
    mine.isPaused = true;
    mine.running.child.kill('SIGSTOP');
    void (async () => {
      for (let waitedMs = 0; waitedMs < pauseMs && !isSettled; waitedMs += LOOK_EVERY_MS) {
        await delay(LOOK_EVERY_MS, undefined, { ref: false });
      }
      mine.isPaused = false;
      if (mine.running.child.kill('SIGCONT')) timeline.note(`${name} goes on`);
    })();
  };

  const leave = (): void => {
    const mine = serves();
    if (mine === null) return;
    timeline.note(`leave ${name}`);
    send(mine, 'SIGTERM');
  };

  const strike = (errand: Errand): void => {
    if (serves() === null) return;
    timeline.note(`strike ${name} at ${errand}`);
    chances.weighted([
      [4, kill],
      [4, pause],
      [2, leave],
    ])();
  };

  return {
    name,
    isStarting: () => sitting !== null && sitting.url === null,
    strike,
    url: () => (sitting?.isPaused === true || sitting?.told.length ? null : (sitting?.url ?? null)),
    take,
    kill,
    pause,
    leave,
    settle: () => {
      isSettled = true;
    },
    empty: () => gone,
    outputs: () => all.map((running) => running.output()),
  };
};
