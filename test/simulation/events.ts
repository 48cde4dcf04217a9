/** What happens in virtual time, one after the other. Whoever is being resumed is known, as a process would know itself. */
export interface Events<Actor> {
  now(): number;
  /** Runs this at that instant, or at once if it has passed; equal instants in the order they were given. */
  at(when: number, run: () => void): void;
  /** Whose code runs in this event; null for the world's own. */
  readonly current: { actor: Actor | null };
  /** Says that this event let asynchronous code go on, which has to come to its next wait before the next event. */
  resumed(): void;
  /** Goes on until nothing is left, that instant has passed, or it is over. */
  run(until: number, isOver: () => boolean): Promise<void>;
  /** How many have happened. */
  count(): number;
}

interface Entry {
  readonly when: number;
  readonly order: number;
  readonly run: () => void;
}

const isBefore = (a: Entry, b: Entry): boolean => a.when < b.when || (a.when === b.when && a.order < b.order);

/** A binary heap: the earliest entry is at its top. */
const createHeap = () => {
  const entries: Entry[] = [];
  const swap = (a: number, b: number): void => {
    const entry = entries[a] as Entry;
    entries[a] = entries[b] as Entry;
    entries[b] = entry;
  };
  const isHigher = (a: number, b: number): boolean => isBefore(entries[a] as Entry, entries[b] as Entry);
  return {
    top: (): Entry | undefined => entries[0],
    push: (entry: Entry): void => {
      let at = entries.push(entry) - 1;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!isHigher(at, parent)) return;
        swap(at, parent);
        at = parent;
      }
    },
    pop: (): void => {
      const last = entries.pop();
      if (last === undefined || entries.length === 0) return;
      entries[0] = last;
      for (let at = 0; ; ) {
        const left = 2 * at + 1;
        const right = left + 1;
        let first = at;
        if (left < entries.length && isHigher(left, first)) first = left;
        if (right < entries.length && isHigher(right, first)) first = right;
        if (first === at) return;
        swap(at, first);
        at = first;
      }
    },
  };
};

/** Makes the events of one world, which begins at that instant. */
export const createEvents = <Actor>(startAt: number): Events<Actor> => {
  const heap = createHeap();
  const current: { actor: Actor | null } = { actor: null };
  let now = startAt;
  let order = 0;
  let count = 0;
  let hasResumed = false;

  return {
    now: () => now,
    current,
    count: () => count,
    resumed: () => {
      hasResumed = true;
    },
    at: (when, run) => {
      order += 1;
      heap.push({ when: Math.max(when, now), order, run });
    },
    run: async (until, isOver) => {
      for (;;) {
        const next = heap.top();
        if (next === undefined || next.when > until || isOver()) break;
        heap.pop();
        now = next.when;
        count += 1;
        current.actor = null;
        next.run();
        // All promises settle before the event loop turns, so one turn is enough for whatever was resumed.
        if (hasResumed) await new Promise<void>(setImmediate);
        hasResumed = false;
      }
      if (!isOver()) now = Math.max(now, until);
    },
  };
};
