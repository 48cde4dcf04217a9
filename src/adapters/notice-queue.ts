import type { Notice } from '../lifecycle/notice.ts';
import type { EventLog, Notifier } from '../lifecycle/ports.ts';
import { errorCode } from './error-code.ts';
import { untilAborted } from './until-aborted.ts';

/** A notice on its way. Its id stays the same however often it is sent, so that a receiver can tell a repetition. */
export interface Letter {
  readonly id: string;
  readonly notice: Notice;
}

/** The deployment that a notice is about; null for one about a job. */
export const deploymentOf = (notice: Notice): string | null =>
  notice.kind === 'job_silent' ? null : notice.deploymentId;

/** How one try went. `failed` may be tried again, `refused` may not. The code is one word and shows no address. */
export type Delivery =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'failed'; readonly code: string; readonly askedWaitMs: number | null }
  | { readonly kind: 'refused'; readonly code: string };

/** What is needed of timers, so that tests can hold them still. */
interface Timers {
  set(callback: () => void, delayMs: number): { cancel(): void };
}

export interface NoticeQueueDeps {
  /** One try, which the signal cuts off. */
  readonly deliver: (letter: Letter, signal: AbortSignal) => Promise<Delivery>;
  readonly newId: () => string;
  readonly timers: Timers;
  readonly log: EventLog;
}

/** A notifier that ends. */
export interface NoticeQueue extends Notifier {
  /** Tries what waits once more, for five seconds in all, and gives up the rest with one event. May be repeated. */
  stop(): Promise<void>;
}

/** So many wait behind the one under way; a demo makes five at most, so this is a receiver that was away for days. */
const MOST_WAITING = 100;
/** After each failed try but the last: five tries within about eight minutes. */
const WAITS_MS = [5_000, 30_000, 120_000, 300_000] as const;
/** However long a receiver asks for, its notices are not held back longer than this at a time. */
const LONGEST_WAIT_MS = 600_000;
/** As long as one request may take. */
const STOP_WITHIN_MS = 5_000;

const about = ({ notice }: Letter) => {
  const deploymentId = deploymentOf(notice);
  return { kind: notice.kind, ...(deploymentId === null ? {} : { deploymentId }) };
};

/** How long to wait before the next try; null when there is none. */
const waitBeforeNext = (delivery: Exclude<Delivery, { kind: 'delivered' }>, tries: number): number | null => {
  const usualMs = WAITS_MS[tries - 1];
  if (delivery.kind === 'refused' || usualMs === undefined) return null;
  return Math.min(Math.max(usualMs, delivery.askedWaitMs ?? 0), LONGEST_WAIT_MS);
};

/** Makes the tries of one notice after the other. */
const createTries = ({ deliver, timers, log }: Omit<NoticeQueueDeps, 'newId'>) => {
  const cutOff = new AbortController();
  let isHurried = false;
  let endPause: (() => void) | null = null;

  const tryOnce = async (letter: Letter): Promise<Delivery> => {
    try {
      return await untilAborted(deliver(letter, cutOff.signal), cutOff.signal);
    } catch (error) {
      return { kind: 'failed', code: errorCode(error), askedWaitMs: null };
    }
  };

  const pause = async (delayMs: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = timers.set(resolve, delayMs);
    endPause = resolve;
    await promise;
    timer.cancel();
    endPause = null;
  };

  return {
    /** True when it was delivered or is told to have failed; false when there was no time left for it. */
    tell: async (letter: Letter): Promise<boolean> => {
      for (let tries = 1; !cutOff.signal.aborted; tries += 1) {
        const delivery = await tryOnce(letter);
        if (delivery.kind === 'delivered') return true;
        if (cutOff.signal.aborted) return false;
        const waitMs = waitBeforeNext(delivery, tries);
        const level = waitMs === null ? 'error' : 'warn';
        log.event(level, 'notifier.failed', { ...about(letter), tries, code: delivery.code });
        if (waitMs === null) return true;
        if (isHurried) return false;
        await pause(waitMs);
      }
      return false;
    },
    /** From now on nothing waits for another try; what waits for one gets it at once. */
    hurry: (): void => {
      isHurried = true;
      endPause?.();
    },
    /** Cuts off the try under way and makes no other. */
    cutOff: (): void => cutOff.abort(),
  };
};

/**
 * Makes the queue of what the owner is still to be told: in memory, in order, one at a time, each tried five times with
 * growing waits. Of too many the oldest goes, since the latest news says most about now. Logs `notifier.failed` for each
 * failed try (an error when it was the last one) and `notifier.dropped` for what is never sent.
 */
export const createNoticeQueue = (deps: NoticeQueueDeps): NoticeQueue => {
  const { newId, timers, log } = deps;
  const tries = createTries(deps);
  const waiting: Letter[] = [];
  const givenUp: Letter[] = [];
  let running: Promise<void> | null = null;
  let stopping: Promise<void> | null = null;

  const work = async (): Promise<void> => {
    for (let letter = waiting.shift(); letter !== undefined; letter = waiting.shift()) {
      if (!(await tries.tell(letter))) givenUp.push(letter);
    }
    running = null;
  };

  const stop = async (): Promise<void> => {
    const timer = timers.set(tries.cutOff, STOP_WITHIN_MS);
    tries.hurry();
    await running;
    timer.cancel();
    if (givenUp.length === 0) return;
    const kinds = [...new Set(givenUp.map(({ notice }) => notice.kind))];
    log.event('error', 'notifier.dropped', { because: 'stopped', count: givenUp.length, kinds });
  };

  return {
    notify: (notice: Notice) => {
      const letter = { id: newId(), notice };
      if (stopping !== null) {
        log.event('error', 'notifier.dropped', { because: 'stopped', ...about(letter) });
        return;
      }
      waiting.push(letter);
      const oldest = waiting.length > MOST_WAITING ? waiting.shift() : undefined;
      if (oldest !== undefined) log.event('error', 'notifier.dropped', { because: 'full', ...about(oldest) });
      running ??= work();
    },
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
};
