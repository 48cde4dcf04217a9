import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Instant } from '../lifecycle/deployment.ts';
import { DemoError } from '../lifecycle/errors.ts';
import { nextDayAt } from '../lifecycle/guards.ts';
import type { QuotaLimits, QuotaStart, QuotaStore, QuotaTaken } from '../lifecycle/ports.ts';
import { expirySeconds, quotaKey, TABLE_SCHEMA } from './dynamodb-schema.ts';
import { createDynamoTable, type Expression, type Item } from './dynamodb-table.ts';
import { type Codec, flag, integer, record, text } from './item-codec.ts';
import { QUOTA_KEPT_MS, QUOTA_STARTS_PER_DAY, QUOTA_VISITOR_DIGITS } from './store-bounds.ts';

/** How often a write is made again because others changed the counts between it and our look at them. */
const TRIES = 5;

/** Why a start counts, so that it can be taken back from exactly the counters that it went into. */
interface CountedStart {
  readonly visitor: string;
  readonly hasOrigin: boolean;
  readonly takenAt: Instant;
}

const countedStart: Codec<CountedStart> = record<CountedStart>({ visitor: text, hasOrigin: flag, takenAt: integer });

/** One counter of the day's item, and how far it may go; null is no limit. */
interface Counter {
  readonly limit: Extract<QuotaTaken, { taken: false }>['limit'];
  readonly attribute: string;
  readonly most: number | null;
}

const startAttribute = (deploymentId: string): string => `start_${deploymentId}`;

const visitorAttribute = (visitor: string): string => `visitor_${visitor}`;

const keyOf = (at: Instant): string => quotaKey(new Date(at).toISOString().slice(0, 10));

const expiresAt = (at: Instant): Instant => nextDayAt(at) + QUOTA_KEPT_MS;

const startOf = ({ visitorHash, hasOrigin, at }: QuotaStart): CountedStart => ({
  visitor: visitorHash.slice(0, QUOTA_VISITOR_DIGITS),
  hasOrigin,
  takenAt: at,
});

/** The counters a start goes into, in the order in which they are named to whoever is refused. */
const countersOf = ({ visitor, hasOrigin }: CountedStart, limits: QuotaLimits): readonly Counter[] => [
  { limit: 'visitor', attribute: visitorAttribute(visitor), most: limits.perVisitorPerDay },
  ...(hasOrigin ? [] : [{ limit: 'no_origin' as const, attribute: 'no_origin', most: limits.noOriginPerDay }]),
  { limit: 'day', attribute: 'total', most: Math.min(limits.perDay ?? QUOTA_STARTS_PER_DAY, QUOTA_STARTS_PER_DAY) },
];

const NO_LIMITS: QuotaLimits = { perVisitorPerDay: null, perDay: null, noOriginPerDay: null };

const countIn = (item: Item | null, attribute: string): number => {
  const count = item?.[attribute];
  return count === undefined ? 0 : integer.decode(count, `quota.${attribute}`);
};

const countedIn = (item: Item | null, deploymentId: string): CountedStart | null => {
  const counted = item?.[startAttribute(deploymentId)];
  return counted === undefined ? null : countedStart.decode(counted, 'quota start');
};

const reachedIn = (item: Item | null, counters: readonly Counter[]): Counter['limit'] | null =>
  counters.find(({ attribute, most }) => most !== null && countIn(item, attribute) >= most)?.limit ?? null;

const counterNames = (counters: readonly Counter[]): Readonly<Record<string, string>> =>
  Object.fromEntries(counters.map(({ limit, attribute }) => [`#${limit}`, attribute]));

const counting = (counters: readonly Counter[], deploymentId: string, start: CountedStart): Expression => ({
  text: `SET #start = :start, #expires = :expires ADD ${counters.map(({ limit }) => `#${limit} :one`).join(', ')}`,
  names: { '#start': startAttribute(deploymentId), '#expires': TABLE_SCHEMA.expires, ...counterNames(counters) },
  values: {
    ':start': countedStart.encode(start),
    ':expires': expirySeconds(expiresAt(start.takenAt)),
    ':one': 1,
  },
});

/** A counter that is not there stands at zero, which only a limit of zero does not have room for. */
const roomIn = ({ limit, most }: Counter): string =>
  most === 0 ? `#${limit} < :${limit}` : `(attribute_not_exists(#${limit}) OR #${limit} < :${limit})`;

const whileNotCountedAndRoom = (counters: readonly Counter[], deploymentId: string): Expression => {
  const limited = counters.filter(({ most }) => most !== null);
  return {
    text: ['attribute_not_exists(#start)', ...limited.map(roomIn)].join(' AND '),
    names: { '#start': startAttribute(deploymentId), ...counterNames(limited) },
    values: Object.fromEntries(limited.map(({ limit, most }) => [`:${limit}`, most])),
  };
};

/**
 * Takes one from every counter. A visitor's last start takes the counter itself away, else starts that are given back
 * over and over would make the item grow without end.
 */
const takingBack = (deploymentId: string, counted: CountedStart, isLast: boolean) => {
  const counters = countersOf(counted, NO_LIMITS);
  const lowered = counters.filter(({ limit }) => !(isLast && limit === 'visitor'));
  const names = { '#start': startAttribute(deploymentId), ...counterNames(counters) };
  const change: Expression = {
    text: `REMOVE #start${isLast ? ', #visitor' : ''} ADD ${lowered.map(({ limit }) => `#${limit} :less`).join(', ')}`,
    names,
    values: { ':less': -1 },
  };
  // The same id may have been given back and counted anew since we looked, and that count is not ours to take.
  const condition: Expression = {
    text: `#start.#taken_at = :taken_at AND ${isLast ? 'NOT (#visitor > :one)' : '#visitor > :one'}`,
    names: { ...names, '#taken_at': 'taken_at' },
    values: { ':taken_at': counted.takenAt, ':one': 1 },
  };
  return { change, condition };
};

const changedTooOften = (): DemoError =>
  new DemoError('STORE_UNAVAILABLE', { cause: new Error('The counts of the day changed at every try') });

/**
 * `quota#<day>` in the table of that name: a counter for the day, one for clients without `Origin`, one per visitor,
 * and the starts by their ids. Throws `DemoError` STORE_UNAVAILABLE.
 */
export const createDynamoQuotas = (client: DynamoDBClient, tableName: string): QuotaStore => {
  const table = createDynamoTable(client, tableName);
  return {
    take: async (asked, limits) => {
      const { deploymentId, at } = asked;
      const start = startOf(asked);
      const counters = countersOf(start, limits);
      for (let tries = 0; tries < TRIES; tries += 1) {
        const written = await table.update(
          keyOf(at),
          counting(counters, deploymentId, start),
          whileNotCountedAndRoom(counters, deploymentId),
        );
        if (written.applied) return { taken: true };
        const standing = await written.standing();
        // Our own lost write, or an earlier request with the same key: either way it counts, and once.
        if (countedIn(standing, deploymentId) !== null) return { taken: true };
        const limit = reachedIn(standing, counters);
        if (limit !== null) return { taken: false, limit };
        // Somebody gave a start back between the refusal and the read.
      }
      throw changedTooOften();
    },
    giveBack: async (deploymentId, startedAt) => {
      const key = keyOf(startedAt);
      let item = await table.get(key);
      const counted = countedIn(item, deploymentId);
      if (counted === null) return;
      for (let tries = 0; tries < TRIES; tries += 1) {
        const isLast = countIn(item, visitorAttribute(counted.visitor)) <= 1;
        const { change, condition } = takingBack(deploymentId, counted, isLast);
        const written = await table.update(key, change, condition);
        if (written.applied) return;
        item = await written.standing();
        if (countedIn(item, deploymentId)?.takenAt !== counted.takenAt) return;
      }
      throw changedTooOften();
    },
    countOf: async (at) => countIn(await table.get(keyOf(at)), 'total'),
  };
};
