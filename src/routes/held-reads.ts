import type { Timers } from '../jobs/driver.ts';
import { targetKey } from '../lifecycle/once-per-reading.ts';
import type { Clock } from '../lifecycle/ports.ts';
import type { Target, Views } from '../lifecycle/requests.ts';
import type { PublicView } from '../lifecycle/view.ts';
import { etagOf } from './etag.ts';

/** How a wait ended: with another view, with its time (or the server's), or with the client's going away. */
export type Ending =
  | { readonly kind: 'changed'; readonly view: PublicView }
  | { readonly kind: 'over' }
  | { readonly kind: 'closed' };

export interface HoldRequest {
  readonly target: Target;
  /** What the client has seen. */
  readonly view: PublicView;
  /** Who asks; see `createVisitorOf`. */
  readonly client: string;
  /** The latest end, by the monotonic clock. */
  readonly untilMs: number;
}

export interface HeldRead {
  /** Never rejects. */
  readonly ended: Promise<Ending>;
  /** The client is gone: its place is free at once. May be repeated, also after the end. */
  drop(): void;
}

export interface HeldReads {
  /** Null when there is no place, or when the server is going down: then the answer is given at once. */
  hold(request: HoldRequest): HeldRead | null;
  /** Something was written: looks at once instead of a moment later. */
  lookNow(): void;
  /** Ends every wait and holds nothing any more. May be repeated. */
  release(): void;
  /** How many wait at this moment. */
  waiting(): number;
}

export interface HeldReadsDeps {
  readonly views: Pick<Views, 'view'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly timers: Timers;
  readonly limits?: { readonly perClient: number; readonly inAll: number };
}

/** The views read the store once a second and answer with the same object in between, so that a look costs nothing. */
const LOOK_MS = 250;

/** A client is an address, behind which an office may sit; each wait costs a socket and a timer. */
const LIMITS = { perClient: 100, inAll: 5_000 };

interface Waiter {
  readonly etag: string;
  end(ending: Ending): void;
}

interface Watched {
  readonly target: Target;
  readonly waiters: Set<Waiter>;
}

/** So many are answered in one turn of the event loop: what they took is free again before the next ones are. */
const SLICE = 1_000;

const endInSlices = async (waiters: readonly Waiter[], ending: Ending): Promise<void> => {
  for (let from = 0; from < waiters.length; from += SLICE) {
    if (from > 0) await new Promise(setImmediate);
    for (const waiter of waiters.slice(from, from + SLICE)) waiter.end(ending);
  }
};

/** Looks at each target once, however many wait for it, again and again while anybody does and never else. */
const createWatch = ({ views, timers }: Pick<HeldReadsDeps, 'views' | 'timers'>) => {
  const watched = new Map<string, Watched>();
  let timer: { cancel(): void } | null = null;
  let isLooking = false;
  let isWoken = false;

  const lookAt = async ({ target, waiters }: Watched): Promise<void> => {
    // Whoever comes while this look is under way may have seen a later view than it will find.
    const present = [...waiters];
    try {
      const view = await views.view(target);
      const etag = view === null ? null : etagOf(view);
      const ending: Ending = view === null ? { kind: 'over' } : { kind: 'changed', view };
      await endInSlices(
        present.filter((waiter) => waiter.etag !== etag),
        ending,
      );
    } catch {
      // A store that does not answer now may do so in a second. Whoever runs out of time is told by the route.
    }
  };

  const rest = (): void => {
    timer?.cancel();
    timer = null;
  };

  const arm = (): void => {
    if (timer === null && !isLooking && watched.size > 0) timer = timers.set(() => void look(), LOOK_MS);
  };

  const look = async (): Promise<void> => {
    rest();
    isLooking = true;
    do {
      isWoken = false;
      await Promise.all([...watched.values()].map(lookAt));
    } while (isWoken);
    isLooking = false;
    arm();
  };

  return {
    add: (target: Target, waiter: Waiter): void => {
      const key = targetKey(target);
      const entry = watched.get(key) ?? { target, waiters: new Set() };
      entry.waiters.add(waiter);
      watched.set(key, entry);
      arm();
    },
    remove: (target: Target, waiter: Waiter): void => {
      const waiters = watched.get(targetKey(target))?.waiters;
      waiters?.delete(waiter);
      if (waiters?.size === 0) watched.delete(targetKey(target));
      if (watched.size === 0) rest();
    },
    lookNow: (): void => {
      if (isLooking) isWoken = true;
      else if (watched.size > 0) void look();
    },
  };
};

/**
 * Makes the place where reads wait for a change (`Prefer: wait`). All that wait share one look, so a thousand
 * cost no more than one. Both limits are exact: the next one is not held.
 */
export const createHeldReads = (deps: HeldReadsDeps): HeldReads => {
  const { clock, timers, limits = LIMITS } = deps;
  const watch = createWatch(deps);
  const all = new Set<Waiter>();
  const perClient = new Map<string, number>();
  let isReleased = false;

  const hasPlace = (client: string): boolean =>
    !isReleased && all.size < limits.inAll && (perClient.get(client) ?? 0) < limits.perClient;

  const count = (client: string, change: 1 | -1): void => {
    const held = (perClient.get(client) ?? 0) + change;
    if (held === 0) perClient.delete(client);
    else perClient.set(client, held);
  };

  const hold = ({ target, view, client, untilMs }: HoldRequest): HeldRead => {
    const { promise, resolve } = Promise.withResolvers<Ending>();
    const timer = timers.set(() => waiter.end({ kind: 'over' }), untilMs - clock.monotonicMs());
    const waiter: Waiter = {
      etag: etagOf(view),
      end: (ending) => {
        if (!all.delete(waiter)) return;
        timer.cancel();
        watch.remove(target, waiter);
        count(client, -1);
        resolve(ending);
      },
    };
    all.add(waiter);
    count(client, 1);
    // What is proven gone never changes, so nobody looks; and each look would be a read of its own.
    if (view.receipt === null) watch.add(target, waiter);
    return { ended: promise, drop: () => waiter.end({ kind: 'closed' }) };
  };

  return {
    hold: (request) => (hasPlace(request.client) && request.untilMs > clock.monotonicMs() ? hold(request) : null),
    lookNow: watch.lookNow,
    release: () => {
      isReleased = true;
      for (const waiter of [...all]) waiter.end({ kind: 'over' });
    },
    waiting: () => all.size,
  };
};
