import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Told of each operation when it has ended. */
export type OnStoreCall = (operation: string, outcome: 'ok' | 'refused' | 'failed') => void;

/** Tells of every operation of that client from now on, by AWS's name of it. */
export const countDynamoCalls = (client: DynamoDBClient, onCall: OnStoreCall): void => {
  client.middlewareStack.add(
    (next, context) => async (input) => {
      const operation = String(context.commandName ?? 'unknown').replace(/Command$/, '');
      try {
        const output = await next(input);
        onCall(operation, 'ok');
        return output;
      } catch (error) {
        onCall(operation, error instanceof ConditionalCheckFailedException ? 'refused' : 'failed');
        throw error;
      }
    },
    { step: 'initialize', name: 'countCalls', override: true },
  );
};
