import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Instant } from '../lifecycle/deployment.ts';
import type { LogChunk, LogOf, LogResume, LogStore } from '../lifecycle/ports.ts';
import { expirySeconds, logBookingsKey, logKey, TABLE_SCHEMA } from './dynamodb-schema.ts';
import { createDynamoTable, type Expression, type Item } from './dynamodb-table.ts';
import { type Codec, decodeFields, encodeFields, type Fields, integer, record, text, word } from './item-codec.ts';
import { checkLogChunk } from './log-chunk-bounds.ts';
import { LOG_CHUNKS_PER_JOB, LOG_CHUNKS_PER_RUN, LOG_LIFETIME_MS } from './store-bounds.ts';

/** One text, because a list of lines would be many times as long on the wire when they are short. */
const lines: Codec<readonly string[]> = {
  encode: (values) => values.map((line) => `${line}\n`).join(''),
  decode: (raw, at) => text.decode(raw, at).split('\n').slice(0, -1),
};

const FIELDS: Fields<LogChunk & { readonly writtenAt: Instant; readonly revision: string }> = {
  state: word<LogChunk['state']>({ open: true, full: true, last: true }),
  firstLine: integer,
  lines,
  resume: record<LogResume>({ byteOffset: integer, skipLines: integer, keptBytes: integer, leftOut: integer }),
  writtenAt: integer,
  revision: text,
};

/** DynamoDB deletes what has expired only within days, so an expired chunk counts as none. */
const isNone = (now: Instant): Expression => ({
  text: 'attribute_not_exists(deployment_id) OR written_at <= :expired_before',
  values: { ':expired_before': now - LOG_LIFETIME_MS },
});

const isRevision = (revision: string): Expression => ({
  text: 'revision = :replaces',
  values: { ':replaces': revision },
});

const IS_BOOKED_OR_ROOM = 'attribute_not_exists(chunks) OR contains(chunks, :chunk) OR size(chunks) < :most';

const booking = (chunk: string, now: Instant): Expression => ({
  text: `ADD chunks :chunks SET ${TABLE_SCHEMA.expires} = :expires`,
  values: { ':chunks': new Set([chunk]), ':expires': expirySeconds(now + LOG_LIFETIME_MS) },
});

const chunkOf = (item: Item | null, key: string, now: Instant): (LogChunk & { readonly revision: string }) | null => {
  if (item === null) return null;
  const { writtenAt, ...chunk } = decodeFields(FIELDS, item, key);
  return writtenAt + LOG_LIFETIME_MS > now ? chunk : null;
};

/**
 * `log#<deployment>#<job>#<n>` in the table of that name, and `log#<deployment>` for what is booked. Throws
 * `DemoError` STORE_UNAVAILABLE.
 */
export const createDynamoLogs = (client: DynamoDBClient, tableName: string): LogStore => {
  const table = createDynamoTable(client, tableName);
  const keyOf = ({ deploymentId, jobId }: LogOf, index: number): string => logKey(deploymentId, jobId, index);
  return {
    readChunk: async (log, index, now) => {
      const key = keyOf(log, index);
      return chunkOf(await table.get(key), key, now);
    },
    writeChunk: async (log, index, chunk, replaces, now) => {
      checkLogChunk(chunk);
      // One per call: by it a repeated request recognises its own first try.
      const revision = randomUUID();
      const item = {
        [TABLE_SCHEMA.key]: keyOf(log, index),
        [TABLE_SCHEMA.expires]: expirySeconds(now + LOG_LIFETIME_MS),
        ...encodeFields(FIELDS, { ...chunk, writtenAt: now, revision }),
      };
      const written = await table.put(item, replaces === null ? isNone(now) : isRevision(replaces));
      return written.applied || (await written.standing())?.revision === revision ? revision : null;
    },
    bookChunk: async (log, index, now) => {
      if (index >= LOG_CHUNKS_PER_JOB) return false;
      const chunk = `${log.jobId}#${index}`;
      const { applied } = await table.update(logBookingsKey(log.deploymentId), booking(chunk, now), {
        text: IS_BOOKED_OR_ROOM,
        values: { ':chunk': chunk, ':most': LOG_CHUNKS_PER_RUN },
      });
      return applied;
    },
  };
};
