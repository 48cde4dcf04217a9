import { cutToBytes } from '../../src/adapters/observation-bounds.ts';
import { DEAD_LETTERS_LISTED, IDEMPOTENCY_LIFETIME_MS, LAST_ERROR_BYTES } from '../../src/adapters/store-bounds.ts';
import type { Instant } from '../../src/lifecycle/deployment.ts';
import type {
  DeadLetter,
  DeadLetterStore,
  IdempotencyRecord,
  IdempotencyStore,
  Recordings,
  SlotStore,
  Switch,
  SwitchStore,
} from '../../src/lifecycle/ports.ts';
import type { Recording } from '../../src/lifecycle/recording.ts';
import { frozenCopy } from './frozen-copy.ts';
import type { MemoryConditions } from './memory-conditions.ts';

const always = (): boolean => true;

/** `IdempotencyStore` in memory. */
export const createMemoryIdempotency = (conditions: MemoryConditions): IdempotencyStore => {
  const records = new Map<string, IdempotencyRecord>();
  const standing = (key: string, now: Instant): IdempotencyRecord | null => {
    const record = records.get(key);
    return record !== undefined && record.createdAt + IDEMPOTENCY_LIFETIME_MS > now ? { ...record } : null;
  };
  return {
    find: (key, now) => conditions.read(() => standing(key, now)),
    claim: async (key, record, now) => {
      await conditions.write({
        holds: () => standing(key, now) === null,
        apply: () => {
          records.set(key, { ...record });
        },
        ours: always,
      });
      return standing(key, now) ?? { ...record };
    },
  };
};

/** `DeadLetterStore` in memory. */
export const createMemoryDeadLetters = (conditions: MemoryConditions): DeadLetterStore => {
  const letters = new Map<string, DeadLetter>();
  const newestFirst = (a: DeadLetter, b: DeadLetter): number => b.lastAt - a.lastAt || (a.id < b.id ? 1 : -1);
  return {
    note: async (letter, now) => {
      let noted: DeadLetter | undefined;
      await conditions.write({
        holds: always,
        apply: () => {
          const before = letters.get(letter.id);
          noted = {
            id: letter.id,
            kind: letter.kind,
            lastError: cutToBytes(letter.lastError, LAST_ERROR_BYTES),
            attempts: (before?.attempts ?? 0) + 1,
            firstAt: before?.firstAt ?? now,
            lastAt: now,
          };
          letters.set(letter.id, noted);
        },
        ours: always,
      });
      if (noted === undefined) throw new Error('The write reported success without happening');
      return { ...noted };
    },
    remove: async (id) => {
      await conditions.write({
        holds: always,
        apply: () => {
          letters.delete(id);
        },
        ours: always,
      });
    },
    list: () =>
      conditions.read(() =>
        [...letters.values()]
          .toSorted(newestFirst)
          .slice(0, DEAD_LETTERS_LISTED)
          .map((letter) => ({ ...letter })),
      ),
  };
};

/** `SlotStore` in memory. */
export const createMemorySlots = (conditions: MemoryConditions): SlotStore => {
  const slots = new Map<string, number>();
  const completed = new Map<string, Instant>();
  let claims = 0;
  return {
    claimSlot: (key, _expiresAt) => {
      claims += 1;
      const claim = claims;
      return conditions.write({
        holds: () => !slots.has(key),
        apply: () => {
          slots.set(key, claim);
        },
        ours: () => slots.get(key) === claim,
      });
    },
    lastCompleted: (job) => conditions.read(() => completed.get(job) ?? null),
    completeSlot: async (job, slot) => {
      await conditions.write({
        holds: () => slot > (completed.get(job) ?? Number.NEGATIVE_INFINITY),
        apply: () => {
          completed.set(job, slot);
        },
        ours: always,
      });
    },
  };
};

/** `SwitchStore` in memory. */
export const createMemorySwitch = (conditions: MemoryConditions): SwitchStore => {
  let standing: Switch | null = null;
  return {
    read: () => conditions.read(() => standing && { ...standing }),
    write: async (state) => {
      await conditions.write({
        holds: always,
        apply: () => {
          standing = { ...state };
        },
        ours: always,
      });
    },
  };
};

/** `Recordings` in memory. */
export const createMemoryRecordings = (conditions: MemoryConditions): Recordings => {
  let standing: Recording | null = null;
  return {
    read: () => conditions.read(() => standing),
    store: async (recording) => {
      const mine = frozenCopy(recording);
      await conditions.write({
        holds: () => (standing?.createdAt ?? Number.NEGATIVE_INFINITY) <= mine.createdAt,
        apply: () => {
          standing = mine;
        },
        ours: always,
      });
    },
  };
};
