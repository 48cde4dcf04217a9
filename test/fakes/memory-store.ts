import { isHistoryKey } from '../../src/adapters/dynamodb-schema.ts';
import { boundObservation } from '../../src/adapters/observation-bounds.ts';
import { boundReply, boundTombstone } from '../../src/adapters/record-bounds.ts';
import { recordsSamePipeline } from '../../src/adapters/reply-identity.ts';
import { LEDGER_PAGE_MAX } from '../../src/adapters/store-bounds.ts';
import type { DecidedFields, Deployment, Reply } from '../../src/lifecycle/deployment.ts';
import type {
  Acquired,
  ActiveRecord,
  DeadLetterStore,
  Decision,
  DeploymentStore,
  IdempotencyStore,
  LedgerPage,
  LedgerQuery,
  QuotaStore,
  Recordings,
  SlotStore,
  SwitchStore,
} from '../../src/lifecycle/ports.ts';
import type { Tombstone } from '../../src/lifecycle/tombstone.ts';
import { frozenCopy } from './frozen-copy.ts';
import { createMemoryConditions, type MemoryConditions } from './memory-conditions.ts';
import { createMemoryQuotas } from './memory-quotas.ts';
import {
  createMemoryDeadLetters,
  createMemoryIdempotency,
  createMemoryRecordings,
  createMemorySlots,
  createMemorySwitch,
} from './memory-side-stores.ts';
import { createStoreFaults, type StoreFaults } from './store-faults.ts';

export type MemoryStore = DeploymentStore &
  IdempotencyStore &
  DeadLetterStore &
  SlotStore & {
    /** By themselves: `read`, `write` and `take` would not say of what. */
    readonly quotas: QuotaStore;
    readonly switch: SwitchStore;
    readonly recordings: Recordings;
  };

interface Held {
  record: ActiveRecord;
  /** The id of the write that stored the last look; what tells our own repeated write from another's. */
  lookWriteId: string;
}

const NEVER_DECIDED: ReadonlySet<string> = new Set(['owner', 'version', 'writeId', 'createdAt', 'replies']);

const onlyDecided = (set: Partial<DecidedFields>): Partial<DecidedFields> =>
  Object.fromEntries(Object.entries(set).filter(([key, value]) => !NEVER_DECIDED.has(key) && value !== undefined));

const isCreated = (reply: Reply | undefined): boolean => reply?.kind === 'created';

const newestFirst = (a: Tombstone, b: Tombstone): number =>
  b.createdAt - a.createdAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

const pageOf = (tombstones: Iterable<Tombstone>, query: LedgerQuery): LedgerPage => {
  const { before } = query;
  const older = [...tombstones]
    .toSorted(newestFirst)
    .filter(
      ({ createdAt, id }) =>
        before === null || createdAt < before.createdAt || (createdAt === before.createdAt && id < before.id),
    );
  const limit = Math.min(Math.max(1, query.limit), LEDGER_PAGE_MAX);
  const page = older.slice(0, limit);
  const last = page.at(-1);
  const next = older.length > limit && last !== undefined ? { createdAt: last.createdAt, id: last.id } : null;
  return frozenCopy({ tombstones: page, next });
};

const createMemoryDeployments = (conditions: MemoryConditions): DeploymentStore => {
  let held: Held | null = null;
  const history = new Map<string, Tombstone>();
  let writes = 0;

  const hold = (record: ActiveRecord, lookWriteId: string): void => {
    held = { record: frozenCopy(record), lookWriteId };
  };
  const replace = (deployment: Deployment): void => {
    if (held !== null) hold({ ...held.record, deployment }, held.lookWriteId);
  };
  const heldBy = (owner: string): Held | null => (held?.record.deployment.owner === owner ? held : null);

  const acquire = async (record: ActiveRecord): Promise<Acquired> => {
    const mine = frozenCopy(record);
    let holder: ActiveRecord | null = null;
    const won = await conditions.write({
      holds: () => held === null,
      apply: () => {
        hold({ ...mine, observation: boundObservation(mine.observation) }, '');
      },
      ours: () => {
        holder = held?.record ?? null;
        return heldBy(mine.deployment.owner)?.record.deployment.writeId === mine.deployment.writeId;
      },
    });
    if (won) return { won };
    // Whoever held it let go in between, so the lock is asked for again.
    return holder === null ? acquire(record) : { won, holder };
  };

  const decide = async ({ owner, version, writeId, set, unlessCreated, forget = [] }: Decision): Promise<boolean> =>
    conditions.write({
      holds: () => {
        const current = heldBy(owner)?.record.deployment;
        if (current?.version !== version) return false;
        return unlessCreated === undefined || !isCreated(current.replies[unlessCreated]);
      },
      apply: () => {
        const current = heldBy(owner)?.record.deployment;
        if (current === undefined) return;
        const replies = Object.fromEntries(Object.entries(current.replies).filter(([id]) => !forget.includes(id)));
        replace({ ...current, ...onlyDecided(set), replies, version: version + 1, writeId });
      },
      ours: () => heldBy(owner)?.record.deployment.writeId === writeId,
    });

  return {
    active: () => conditions.read(() => held?.record ?? null),
    tombstone: (id) => conditions.read(() => history.get(id) ?? null),
    ledger: (query) => conditions.read(() => pageOf(history.values(), query)),
    acquire,
    archive: async (tombstone) => {
      if (!isHistoryKey(tombstone.id)) throw new RangeError('This id would overwrite an item that is not history');
      const mine = frozenCopy(boundTombstone(tombstone));
      await conditions.write({
        holds: () => (history.get(mine.id)?.version ?? Number.NEGATIVE_INFINITY) < mine.version,
        apply: () => {
          history.set(mine.id, mine);
        },
        ours: () => true,
      });
    },
    release: (owner, version) =>
      conditions.write({
        holds: () => heldBy(owner)?.record.deployment.version === version,
        apply: () => {
          held = null;
        },
        ours: () => heldBy(owner) === null,
      }),
    decide,
    claimLook: ({ owner, previousBy, observedAt, observedBy }) =>
      conditions.write({
        holds: () => heldBy(owner)?.record.observation.observedBy === previousBy,
        apply: () => {
          if (held === null) return;
          const observation = { ...held.record.observation, observedAt, observedBy };
          hold({ ...held.record, observation }, held.lookWriteId);
        },
        ours: () => heldBy(owner)?.record.observation.observedBy === observedBy,
      }),
    storeLook: (owner, observation) => {
      const mine = frozenCopy(boundObservation(observation));
      writes += 1;
      const lookWriteId = `stored-look-${writes}`;
      return conditions.write({
        holds: () => heldBy(owner)?.record.observation.observedBy === observation.observedBy,
        apply: () => {
          if (held === null) return;
          const observation = { ...mine, observedBy: lookWriteId };
          hold({ ...held.record, observation }, lookWriteId);
        },
        ours: () => heldBy(owner)?.lookWriteId === lookWriteId,
      });
    },
    recordReply: (owner, requestId, reply) => {
      const mine = frozenCopy(boundReply(reply));
      const stored = (): Reply | undefined => heldBy(owner)?.record.deployment.replies[requestId];
      return conditions.write({
        holds: () => heldBy(owner) !== null && !isCreated(stored()),
        apply: () => {
          const current = heldBy(owner)?.record.deployment;
          if (current !== undefined) replace({ ...current, replies: { ...current.replies, [requestId]: mine } });
        },
        ours: () => recordsSamePipeline(stored(), mine),
      });
    },
  };
};

/**
 * All stores in memory, with the same conditional semantics as the real ones and nothing shared with the
 * caller: values are cloned on their way in and out. `faults` lets a test lose requests or replies.
 */
export const createMemoryStore = (faults: StoreFaults = createStoreFaults()): MemoryStore =>
  createMemoryStoreOn(createMemoryConditions(faults));

/** The same over conditions of the caller's own, which decide when and how each request comes about. */
export const createMemoryStoreOn = (conditions: MemoryConditions): MemoryStore => {
  return {
    ...createMemoryDeployments(conditions),
    ...createMemoryIdempotency(conditions),
    ...createMemoryDeadLetters(conditions),
    ...createMemorySlots(conditions),
    quotas: createMemoryQuotas(conditions),
    switch: createMemorySwitch(conditions),
    recordings: createMemoryRecordings(conditions),
  };
};
