/**
 * What can go wrong between us and a store. `lose-reply`: the request takes effect and its answer is lost, so that
 * the repetition meets its own write. `lose-request`: it never arrives. `throttle` and `down`: the store refuses.
 */
export type Fault = 'lose-reply' | 'lose-request' | 'throttle' | 'down';

export interface StoreFaults {
  /** The next write meets this fault, once. `meanwhile` is what others do before it is repeated. */
  once(fault: 'lose-reply' | 'lose-request', meanwhile?: () => Promise<unknown>): void;
  /** Every request meets this fault until `heal`. */
  always(fault: 'throttle' | 'down'): void;
  /** Every read meets `down`, and only reads. */
  failReads(): void;
  heal(): void;
  /** Asked by the store under test for each request; null means that nothing goes wrong. */
  next(request: 'read' | 'write'): Fault | null;
  /** Awaited by the store under test once the loss has happened. */
  meanwhile(): Promise<void>;
}

/** A switchboard for faults; it starts healthy. */
export const createStoreFaults = (): StoreFaults => {
  let queued: { readonly fault: Fault; readonly meanwhile: () => Promise<unknown> }[] = [];
  let pending: () => Promise<unknown> = async () => {};
  let standing: Fault | null = null;
  let readsFail = false;
  return {
    once: (fault, meanwhile = async () => {}) => {
      queued.push({ fault, meanwhile });
    },
    always: (fault) => {
      standing = fault;
    },
    failReads: () => {
      readsFail = true;
    },
    heal: () => {
      queued = [];
      standing = null;
      readsFail = false;
    },
    next: (request) => {
      if (standing !== null) return standing;
      if (request === 'read' && readsFail) return 'down';
      // Only writes can be ambiguous, so a queued fault waits for one.
      const next = request === 'write' ? queued.shift() : undefined;
      if (next === undefined) return null;
      pending = next.meanwhile;
      return next.fault;
    },
    meanwhile: async () => {
      const run = pending;
      pending = async () => {};
      await run();
    },
  };
};
