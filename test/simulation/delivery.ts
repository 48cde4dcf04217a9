import type { Dice } from '../fakes/dice.ts';
import type { Actor } from './actor.ts';
import type { Events } from './events.ts';
import type { RequestName } from './plan.ts';
import type { Trouble } from './trouble.ts';

/** A request of the task whose code runs now. */
export interface Request<T> {
  readonly name: RequestName;
  /** What it does where it arrives; what it throws is its answer. */
  readonly carryOut: () => T;
  /** Whether it is turned away there, and what its sender is told then. */
  readonly isRefused: () => boolean;
  readonly refused: () => T;
  /** What its sender makes of no answer at all, after this long. */
  readonly lost: () => T;
  /** Whether no answer ever comes, and how much longer than usual an answer takes. */
  readonly hangs?: () => boolean;
  readonly crawlsMs?: () => number;
  readonly timeoutMs: number;
  /** One that was given up, or a copy of one that was not, may still be carried out up to this much later. */
  readonly lateMs: number;
}

export type Send = <T>(request: Request<T>) => Promise<T>;

export interface DeliveryDeps {
  readonly events: Events<Actor>;
  readonly dice: Dice;
  readonly trouble: Trouble;
  /** Ends a task where it stands; it comes back after so long. */
  readonly crash: (actor: Actor, downMs: number) => void;
  /** Told whenever something goes wrong on the way. */
  readonly disturb: () => void;
  readonly trace: (what: string) => void;
}

const FASTEST_MS = 2;
const USUAL_MS = 80;
const SLOW_MS = 2_500;
const ONE_IN_SLOW = 40;

/**
 * Makes the way between the tasks and everything else: each request takes its time to arrive and so does its answer,
 * and either may be lost, late or doubled. A task may end or stand still at each of them, which are all the places at
 * which it waits. What was sent arrives also when its sender is no more.
 */
export const createSend = ({ events, dice, trouble, crash, disturb, trace }: DeliveryDeps): Send => {
  const travelMs = (): number => FASTEST_MS + (dice(ONE_IN_SLOW) === 0 ? dice(SLOW_MS) : dice(USUAL_MS));

  return <T>(request: Request<T>): Promise<T> => {
    const actor = events.current.actor;
    if (actor === null) throw new Error(`nobody sends ${request.name}`);
    const { generation } = actor;
    const mishap = trouble.next(request.name);
    const sentAt = events.now();
    const { promise, resolve, reject } = Promise.withResolvers<T>();

    const settle = (make: () => T): void => {
      try {
        resolve(make());
      } catch (error) {
        reject(error);
      }
    };
    const answer = (when: number, make: () => T): void =>
      events.at(when, () => {
        if (actor.generation !== generation) return;
        if (actor.pausedUntil > events.now()) {
          answer(actor.pausedUntil, make);
          return;
        }
        events.current.actor = actor;
        settle(make);
        events.resumed();
      });
    const stumble = (when: 'before' | 'after'): void => {
      if (actor.generation !== generation) return;
      if (mishap?.crash?.when === when) {
        trace(`task ${actor.index} dies ${when} ${request.name}`);
        crash(actor, mishap.crash.ms);
      }
      if (mishap?.pause?.when === when) {
        trace(`task ${actor.index} stands still ${when} ${request.name}`);
        disturb();
        actor.pausedUntil = Math.max(actor.pausedUntil, events.now() + mishap.pause.ms);
      }
    };
    const quietly = (): void => {
      try {
        request.carryOut();
      } catch {
        // Nobody waits for this answer.
      }
    };
    const arrive = (): void => {
      if (request.isRefused()) {
        disturb();
        answer(events.now() + travelMs(), request.refused);
        stumble('after');
        return;
      }
      const lose = request.hangs?.() ? 'request' : (mishap?.lose ?? null);
      if (lose !== null) disturb();
      if (lose !== null && !request.hangs?.()) trace(`${request.name} of task ${actor.index}: ${lose} lost`);
      if (lose === 'request' || lose === 'late') {
        const givenUpAt = sentAt + request.timeoutMs;
        if (lose === 'late') events.at(givenUpAt + dice(request.lateMs + 1), quietly);
        answer(givenUpAt, request.lost);
      } else if (lose === 'reply') {
        quietly();
        answer(sentAt + request.timeoutMs, request.lost);
      } else {
        let value: T | undefined;
        let thrown: { readonly error: unknown } | null = null;
        try {
          value = request.carryOut();
        } catch (error) {
          thrown = { error };
        }
        if (lose === 'twice') quietly();
        if (lose === 'twice-late') events.at(events.now() + dice(request.lateMs + 1), quietly);
        const crawlsMs = request.crawlsMs?.() ?? 0;
        if (crawlsMs > 0) disturb();
        answer(events.now() + travelMs() + crawlsMs, () => {
          if (thrown !== null) throw thrown.error;
          return value as T;
        });
      }
      stumble('after');
    };

    stumble('before');
    // One that ended before it could send does not send.
    if (actor.generation === generation) events.at(Math.max(actor.pausedUntil, sentAt) + travelMs(), arrive);
    return promise;
  };
};
