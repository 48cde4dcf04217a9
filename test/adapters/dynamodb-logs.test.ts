import { marshall } from '@aws-sdk/util-dynamodb';
import t from 'tap';
import { createDynamoLogs } from '../../src/adapters/dynamodb-logs.ts';
import { logKey } from '../../src/adapters/dynamodb-schema.ts';
import { createDynamoTable } from '../../src/adapters/dynamodb-table.ts';
import { LOG_CHUNK_BYTES } from '../../src/adapters/store-bounds.ts';
import { startEmbeddedDynamodb } from '../../src/local/embedded-dynamodb.ts';
import { SAMPLE_START } from '../fakes/sample-records.ts';
import { useDynamodb } from './dynamodb-under-test.ts';
import { itemSize } from './item-size.ts';

const LOG = { deploymentId: '01930000-0000-7000-8000-00000000000a', jobId: 99_999_999_999_999 };
const MOST = Number.MAX_SAFE_INTEGER;

const setUp = async () => {
  const embedded = await startEmbeddedDynamodb();
  const dynamodb = useDynamodb(embedded.endpoint);
  t.teardown(async () => {
    dynamodb.close();
    await embedded.close();
  });
  const tableName = await dynamodb.freshTable();
  return { logs: createDynamoLogs(dynamodb.client, tableName), table: createDynamoTable(dynamodb.client, tableName) };
};

const { logs, table } = await setUp();

t.test(
  'Given the largest chunk, when it is stored, then its item has at most 64 KB, however short its lines',
  async (t) => {
    const resume = { byteOffset: MOST, skipLines: MOST, keptBytes: MOST, leftOut: MOST };
    const texts = [['x'.repeat(LOG_CHUNK_BYTES - 1)], Array<string>(LOG_CHUNK_BYTES).fill('')];
    for (const [index, lines] of texts.entries()) {
      await logs.writeChunk(LOG, index, { state: 'full', firstLine: MOST, lines, resume }, null, SAMPLE_START);
      const item = await table.get(logKey(LOG.deploymentId, LOG.jobId, index));
      const size = itemSize(marshall(item));
      t.ok(size > LOG_CHUNK_BYTES && size <= 65_536, `${size} bytes`);
      t.strictSame((await logs.readChunk(LOG, index, SAMPLE_START))?.lines, lines);
    }
  },
);

t.test('Given an item that is not what we write, when it is read, then it is refused by its place', async (t) => {
  const key = logKey(LOG.deploymentId, LOG.jobId, 7);
  const absent = { text: 'attribute_not_exists(deployment_id)' };
  await table.put({ deployment_id: key, state: 'open', first_line: 'swordfish' }, absent);
  await t.rejects(logs.readChunk(LOG, 7, SAMPLE_START), {
    name: 'BrokenItem',
    message: /first_line is not a whole number/,
  });
});
