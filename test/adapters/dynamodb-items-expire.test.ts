import { randomUUID } from 'node:crypto';
import t from 'tap';
import { createDynamoDeadLetters } from '../../src/adapters/dynamodb-dead-letters.ts';
import { createDynamoDeploymentStore } from '../../src/adapters/dynamodb-deployment-store.ts';
import { createDynamoIdempotency } from '../../src/adapters/dynamodb-idempotency.ts';
import { createDynamoLogs } from '../../src/adapters/dynamodb-logs.ts';
import { createDynamoQuotas } from '../../src/adapters/dynamodb-quotas.ts';
import { createDynamoRecordings } from '../../src/adapters/dynamodb-recordings.ts';
import {
  deadLetterKey,
  expirySeconds,
  idempotencyKey,
  isHistoryKey,
  lastCompletedKey,
  listedAt,
  logBookingsKey,
  logKey,
  quotaKey,
  RECORDING_KEY,
  SWITCH_KEY,
  slotKey,
} from '../../src/adapters/dynamodb-schema.ts';
import { createDynamoSlots } from '../../src/adapters/dynamodb-slots.ts';
import { createDynamoSwitch } from '../../src/adapters/dynamodb-switch.ts';
import { createDynamoTable } from '../../src/adapters/dynamodb-table.ts';
import { startEmbeddedDynamodb } from '../../src/local/embedded-dynamodb.ts';
import { recordingOfRun } from '../fakes/sample-recordings.ts';
import { SAMPLE_START, sampleRecord, sampleTombstone } from '../fakes/sample-records.ts';
import { useDynamodb } from './dynamodb-under-test.ts';

const EXPIRES = 'expires_epoch_seconds';

t.test('given every kind of item, when it is written, then only four of them ever expire', async (t) => {
  const embedded = await startEmbeddedDynamodb();
  const dynamodb = useDynamodb(embedded.endpoint);
  t.teardown(async () => {
    dynamodb.close();
    await embedded.close();
  });
  const tableName = await dynamodb.freshTable();
  const table = createDynamoTable(dynamodb.client, tableName);
  const deployments = createDynamoDeploymentStore(dynamodb.client, tableName);
  const slots = createDynamoSlots(dynamodb.client, tableName);
  const [owner, gone] = [randomUUID(), randomUUID()];

  await deployments.acquire(sampleRecord(owner));
  await deployments.decide({ owner, version: 1, writeId: 'write-2', set: { expiresAt: SAMPLE_START } });
  await deployments.archive(sampleTombstone(gone));
  await createDynamoDeadLetters(dynamodb.client, tableName).note(
    { id: gone, kind: 'quarantine', lastError: 'left' },
    SAMPLE_START,
  );
  await slots.completeSlot('hourly', SAMPLE_START);
  await slots.claimSlot('hourly:slot', SAMPLE_START + 1);
  await createDynamoIdempotency(dynamodb.client, tableName).claim(
    'key-1',
    { deploymentId: owner, bodyHash: 'hash', createdAt: SAMPLE_START + 1 },
    SAMPLE_START,
  );
  await createDynamoSwitch(dynamodb.client, tableName).write({ paused: true, reason: null, changedAt: SAMPLE_START });
  await createDynamoRecordings(dynamodb.client, tableName).store(recordingOfRun());
  await createDynamoQuotas(dynamodb.client, tableName).take(
    { deploymentId: owner, visitorHash: 'visitor', hasOrigin: true, at: SAMPLE_START },
    { perVisitorPerDay: null, perDay: null, noOriginPerDay: null },
  );
  const logs = createDynamoLogs(dynamodb.client, tableName);
  const resume = { byteOffset: 0, skipLines: 0, keptBytes: 0, leftOut: 0 };
  const log = { deploymentId: owner, jobId: 7 };
  await logs.bookChunk(log, 0, SAMPLE_START);
  await logs.writeChunk(log, 0, { state: 'open', firstLine: 0, lines: [], resume }, null, SAMPLE_START);

  for (const key of ['ACTIVE', gone, deadLetterKey(gone), lastCompletedKey('hourly'), SWITCH_KEY, RECORDING_KEY]) {
    const item = await table.get(key);
    t.equal(item?.deployment_id, key);
    t.notOk(item !== null && EXPIRES in item, `${key} never expires by itself`);
  }
  t.equal((await table.get(slotKey('hourly:slot')))?.[EXPIRES], SAMPLE_START / 1_000 + 1, 'in seconds, rounded up');
  t.equal((await table.get(idempotencyKey('key-1')))?.[EXPIRES], SAMPLE_START / 1_000 + 86_401);
  const twoDaysAfter = Date.UTC(2026, 10, 27) / 1_000;
  t.equal((await table.get(quotaKey('2026-11-24')))?.[EXPIRES], twoDaysAfter, 'two days after its day');
  for (const key of [logKey(owner, 7, 0), logBookingsKey(owner)]) {
    t.equal((await table.get(key))?.[EXPIRES], SAMPLE_START / 1_000 + 30 * 86_400, '30 days after it was written');
  }
});

t.test('given keys of all kinds, when they are made, then none can be taken for another', async (t) => {
  t.equal(idempotencyKey('x'), 'idem#x');
  t.equal(deadLetterKey('x'), 'dead#x');
  t.equal(lastCompletedKey('x'), 'cron#x');
  t.equal(slotKey('x'), 'cron#slot#x');
  t.equal(quotaKey('x'), 'quota#x');
  t.equal(logKey('x', 7, 0), 'log#x#7#0');
  t.equal(logBookingsKey('x'), 'log#x');
  t.ok(isHistoryKey(randomUUID()));
  for (const key of [
    '',
    'ACTIVE',
    SWITCH_KEY,
    RECORDING_KEY,
    idempotencyKey('x'),
    slotKey('x'),
    quotaKey('x'),
    logBookingsKey('x'),
  ])
    t.notOk(isHistoryKey(key), key);
});

t.test('given times, when they are listed, then their order as text is their order in time', async (t) => {
  const times = [0, 999, 1_000, SAMPLE_START, SAMPLE_START + 1, 4_102_444_800_000];
  const texts = times.map((at) => listedAt(at, 'id'));
  t.strictSame(texts.toSorted(), texts);
  t.equal(expirySeconds(1_000), 1);
  t.equal(expirySeconds(1_001), 2);
});
