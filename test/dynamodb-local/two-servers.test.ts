import t from 'tap';
import { pressAsACrowd } from '../processes/crowd.ts';
import { startJavaDynamodb, whyUnavailable } from './java-dynamodb.ts';

const why = whyUnavailable();
if (why !== null) process.stderr.write(`SKIPPED: two servers on the real DynamoDB Local, because ${why}\n`);

t.test(
  'Given two servers on the real DynamoDB Local, when 200 visitors press at once, then one starts one pipeline',
  { skip: why ?? false },
  async (t) => {
    const java = await startJavaDynamodb();
    t.teardown(() => java.close());
    await pressAsACrowd(t, java.endpoint);
  },
);
