import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Secrets } from './adapters/secrets.ts';
import type { WebhookSource } from './adapters/webhook-target.ts';
import type { Config } from './config.ts';
import type { Clock, EventLog, Inventory, LiveProbe, SecondDestroyer } from './lifecycle/ports.ts';

/** What the server talks to. Local mode and AWS each bring their own; nothing else differs between them. */
export interface Neighbours {
  readonly dynamo: DynamoDBClient;
  readonly gitlabUrl: string;
  readonly liveOrigins: readonly string[];
  readonly inventory: Inventory;
  readonly secondDestroyer: SecondDestroyer;
  readonly probe: LiveProbe;
  readonly secrets: Secrets;
  /** Where the owner is told; null when he does not want to be. */
  readonly webhook: WebhookSource | null;
  /** The owner's token if it was made up for this start; it is printed once, since nobody else knows it. */
  readonly printedOwnerToken: string | null;
  close(): Promise<void>;
}

/**
 * Makes the neighbours of the configured mode. Only what that mode needs is loaded: no server on AWS has to load a
 * simulator, and no newcomer a dozen of AWS's clients.
 */
export const startNeighbours = async (config: Config, clock: Clock, log: EventLog): Promise<Neighbours> => {
  if (config.mode === 'aws') return (await import('./compose-aws.ts')).connectAws(config, clock, log);
  return (await import('./compose-local.ts')).startLocalNeighbours(config, clock);
};
