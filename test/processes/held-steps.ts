import { setTimeout as delay } from 'node:timers/promises';
import type { Fate, FateOf, ProxiedRequest } from './faulty-proxy.ts';

/** The requests by which the steps of a life can be told apart. */
export const STEP_REQUESTS = {
  arm: ({ method, path }) => method === 'PUT' && path.startsWith('/control/schedules/'),
  'create apply': ({ method, path, body }) =>
    method === 'POST' && path.endsWith('/pipeline') && body.includes('"action":"apply"'),
  poll: ({ method, path }) => method === 'GET' && /\/pipelines\/\d+$/.test(path),
  'read outputs': ({ path }) => path.endsWith('/outputs.json'),
  probe: ({ path }) => path.startsWith('/demo/'),
  cancel: ({ method, path }) => method === 'POST' && path.endsWith('/cancel'),
  'create destroy': ({ method, path, body }) =>
    method === 'POST' && path.endsWith('/pipeline') && body.includes('"action":"destroy"'),
  inventory: ({ path }) => path.startsWith('/control/inventory?deployment_id='),
  disarm: ({ method, path }) => method === 'DELETE' && path.startsWith('/control/schedules/'),
} as const satisfies Readonly<Record<string, (request: ProxiedRequest) => boolean>>;

/** Long enough for any step, also beside others on a busy machine. */
const TAKEN_WITHIN_MS = 60_000;

export type StepName = keyof typeof STEP_REQUESTS;

/** A request that has left its server and has not arrived. */
export interface Held {
  readonly server: string;
  readonly heldAt: number;
  /** Lets it arrive. */
  release(): void;
  /** Loses it, and whatever else that server sends for the same step. */
  forget(): void;
}

export interface HeldSteps {
  /** The way of that server to its neighbours. */
  fateOf(server: string): FateOf;
  /**
   * Resolves when the first request of the next step is held; the step after it is waited for from then on. Rejects when
   * nobody takes it.
   */
  next(): Promise<Held>;
}

/** Holds the first request of each of these steps, one step after the other, whichever server takes it. */
export const createHeldSteps = (steps: readonly StepName[]): HeldSteps => {
  const caught = steps.map(() => Promise.withResolvers<Held>());
  const lost: { readonly server: string; readonly step: StepName }[] = [];
  let current = 0;
  let given = 0;

  const hold = (server: string, step: StepName): Promise<Fate> => {
    const { promise, resolve } = Promise.withResolvers<Fate>();
    caught[current]?.resolve({
      server,
      heldAt: Date.now(),
      release: () => resolve({ kind: 'pass' }),
      forget: () => {
        lost.push({ server, step });
        resolve({ kind: 'hang' });
      },
    });
    current += 1;
    return promise;
  };

  return {
    fateOf: (server) => (request) => {
      if (lost.some((one) => one.server === server && STEP_REQUESTS[one.step](request))) return { kind: 'hang' };
      const step = steps[current];
      return step !== undefined && STEP_REQUESTS[step](request) ? hold(server, step) : { kind: 'pass' };
    },
    next: async () => {
      const held = caught[given];
      given += 1;
      if (held === undefined) throw new Error('there is no further step');
      const ending = new AbortController();
      const never = delay(TAKEN_WITHIN_MS, undefined, ending).then(() => {
        throw new Error(`nobody took the step "${steps[given - 1]}"`);
      });
      return Promise.race([held.promise, never]).finally(() => ending.abort());
    },
  };
};
