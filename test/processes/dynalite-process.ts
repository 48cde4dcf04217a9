import { startEmbeddedDynamodb } from '../../src/local/embedded-dynamodb.ts';

/** The embedded DynamoDB as a process of its own, so that it outlives a server that is killed. */
const { endpoint, close } = await startEmbeddedDynamodb();
process.once('SIGTERM', () => void close());
process.stdout.write(`${endpoint}\n`);
