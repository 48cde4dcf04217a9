import { Readable } from 'node:stream';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { StoreFaults } from './store-faults.ts';

type RequestHandler = DynamoDBClient['config']['requestHandler'];

const READS: ReadonlySet<string> = new Set(['GetItem', 'Query']);

const requestKind = (target: string | undefined): 'read' | 'write' =>
  READS.has(target?.split('.')[1] ?? '') ? 'read' : 'write';

const timeout = (): Error => Object.assign(new Error('simulated: no answer in time'), { name: 'TimeoutError' });

const refusedConnection = (): Error => Object.assign(new Error('simulated: down'), { code: 'ECONNREFUSED' });

/** What DynamoDB answers when a table or key takes more than it may. */
const throttled = () => ({
  response: {
    statusCode: 400,
    reason: 'Bad Request',
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: Readable.from([
      JSON.stringify({
        __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
        message: 'simulated: too much',
      }),
    ]),
  },
});

/**
 * The SDK's own HTTP handler with faults in front of it or behind it. The SDK's repetitions go through it as well,
 * so a lost reply makes it meet its own write.
 */
export const createFaultyRequestHandler = (inner: RequestHandler, faults: StoreFaults): RequestHandler => {
  const handle: RequestHandler['handle'] = async (request, options) => {
    const fault = faults.next(requestKind(request.headers['x-amz-target']));
    if (fault === 'down') throw refusedConnection();
    if (fault === 'throttle') return throttled();
    if (fault !== 'lose-request') {
      const answer = await inner.handle(request, options);
      if (fault === null) return answer;
      // The body is read to its end, so that its connection is free again.
      for await (const _chunk of answer.response.body as Readable);
    }
    await faults.meanwhile();
    throw timeout();
  };
  // Everything else is the SDK's own: its settings and its end.
  return Object.assign(Object.create(inner), { handle });
};
