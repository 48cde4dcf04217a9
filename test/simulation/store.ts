import { DemoError } from '../../src/lifecycle/errors.ts';
import type { Observation } from '../../src/lifecycle/observation.ts';
import type { ActiveRecord, DeadLetter, Decision } from '../../src/lifecycle/ports.ts';
import type { Tombstone } from '../../src/lifecycle/tombstone.ts';
import type { MemoryConditions } from '../fakes/memory-conditions.ts';
import { createMemoryStoreOn, type MemoryStore } from '../fakes/memory-store.ts';
import type { Send } from './delivery.ts';
import type { Invariants, WriteIntent } from './invariants.ts';
import type { RequestName } from './plan.ts';
import type { Trouble } from './trouble.ts';

/** No answer came to one try; the client tries again. */
class Lost extends Error {
  override readonly name = 'Lost';
}

/** The client's number of tries, what it waits for each, and how much later a lost one may still be carried out. */
const TRIES = 3;
const TRY_TIMEOUT_MS = 1_000;
const LATE_MS = 10_000;

const unavailable = (): never => {
  throw new DemoError('STORE_UNAVAILABLE');
};
const lost = (): never => {
  throw new Lost();
};

const ownerOf = (name: string, given: unknown): string | null => {
  const named = given as { owner?: string; id?: string; deployment?: { owner: string } };
  if (name === 'acquire') return named.deployment?.owner ?? null;
  if (name === 'decide' || name === 'claimLook') return named.owner ?? null;
  if (name === 'storeLook' || name === 'recordReply' || name === 'release') return given as string;
  return null;
};

const versionOf = (name: string, given: readonly unknown[]): number | null => {
  if (name === 'decide') return (given[0] as Decision).version;
  return name === 'release' ? (given[1] as number) : null;
};

/** Names under which two ports have the same method. */
const NAMES: Readonly<Record<string, RequestName>> = { list: 'list-letters', read: 'switch' };

export interface SimulatedStore extends MemoryStore {
  /** What stands, without asking and for nobody: for those who check. */
  peekTombstone(id: string): Tombstone | null;
  peekLetters(): readonly DeadLetter[];
}

/**
 * Makes the store: in memory, behind a network on which requests and answers are lost, and with a client that then
 * tries again and may so meet its own write.
 */
export const createStore = (send: Send, trouble: Trouble, invariants: Invariants): SimulatedStore => {
  // Set by the method that is called, and read before it first waits.
  let meant: WriteIntent | null = null;

  let isPeeking = false;
  let seen: unknown = null;

  const ask = <T>(name: RequestName, carryOut: () => T): Promise<T> =>
    send({
      name,
      carryOut,
      isRefused: () => trouble.isOut('store'),
      refused: unavailable,
      lost,
      timeoutMs: TRY_TIMEOUT_MS,
      lateMs: LATE_MS,
    });

  const tried = async <T>(once: (tries: number) => Promise<T>): Promise<T> => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      try {
        return await once(tries);
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
      }
    }
    return unavailable();
  };

  const peeked = <T>(read: () => Promise<T>): T => {
    isPeeking = true;
    void read();
    isPeeking = false;
    return seen as T;
  };
  /** The record as it stands, without asking for it. */
  const peek = (): ActiveRecord | null => peeked(() => store.active());

  const conditions: MemoryConditions = {
    read: (take) => {
      if (isPeeking) {
        const value = take();
        seen = value;
        return Promise.resolve(value);
      }
      const name = meant?.name ?? 'active';
      meant = null;
      return tried(() => ask(name, take));
    },
    write: ({ holds, apply, ours }) => {
      const intent = meant ?? { name: 'acquire' as const, owner: null, version: null, claim: null };
      const { name } = intent;
      meant = null;
      const carryOut = (): boolean => {
        if (!holds()) return false;
        apply();
        invariants.afterWrite(intent, peek());
        return true;
      };
      return tried(async () => {
        const held = await ask(name, carryOut);
        // As the other stores do, which need a read to find out whose write it was.
        return held || tried(() => ask('active', ours));
      });
    },
  };

  const naming = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, key) => {
        const method: unknown = Reflect.get(target, key);
        if (typeof method !== 'function') return typeof method === 'object' && method ? naming(method) : method;
        return (...given: unknown[]) => {
          const name = String(key);
          const claim = name === 'storeLook' ? (given[1] as Observation).observedBy : null;
          meant = {
            claim,
            name: NAMES[name] ?? (name as RequestName),
            owner: ownerOf(name, given[0]),
            version: versionOf(name, given),
          };
          return Reflect.apply(method, target, given);
        };
      },
    });

  const store = createMemoryStoreOn(conditions);
  // Made once: a proxy for each call would cost more than the call.
  return {
    ...naming({ ...store }),
    quotas: naming(store.quotas),
    switch: naming(store.switch),
    peekTombstone: (id) => peeked(() => store.tombstone(id)),
    peekLetters: () => peeked(() => store.list()),
  };
};
