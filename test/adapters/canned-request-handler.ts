import { Readable } from 'node:stream';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoClient } from '../../src/adapters/dynamodb-client.ts';
import { LOCAL_ACCESS } from './dynamodb-under-test.ts';

export interface CannedAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface SentRequest {
  /** `GetItem`, `PutItem` and so on. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** A client whose requests are answered from the list, in order, and noted. A request too many is an error. */
export const createCannedClient = (
  answers: readonly CannedAnswer[],
): { readonly client: DynamoDBClient; readonly sent: readonly SentRequest[] } => {
  const sent: SentRequest[] = [];
  const { requestHandler: inner } = createDynamoClient({ ...LOCAL_ACCESS, endpoint: 'http://127.0.0.1:1' }).config;
  const handle: typeof inner.handle = async (request) => {
    const answer = answers[sent.length];
    sent.push({
      operation: request.headers['x-amz-target'].split('.')[1],
      input: JSON.parse(new TextDecoder().decode(request.body)),
    });
    if (answer === undefined) throw new Error('No answer is left');
    const body = Readable.from([JSON.stringify(answer.body)]);
    const headers = { 'content-type': 'application/x-amz-json-1.0' };
    return { response: { statusCode: answer.status, reason: '', headers, body } };
  };
  const requestHandler: typeof inner = Object.assign(Object.create(inner), { handle });
  return { client: createDynamoClient({ ...LOCAL_ACCESS, endpoint: 'http://127.0.0.1:1', requestHandler }), sent };
};
