import { createAwsInventory, latestIdsOf } from './adapters/aws-inventory.ts';
import { type AwsInventoryClientOptions, createAwsInventoryClients } from './adapters/aws-inventory-clients.ts';
import type { DeploymentReader, EventLog, Inventory } from './lifecycle/ports.ts';

interface InventoryParts extends Pick<AwsInventoryClientOptions, 'region' | 'credentials'> {
  readonly installation: string;
  readonly reader: Pick<DeploymentReader, 'active' | 'ledger'>;
  readonly log: EventLog;
}

/** Builds the inventory of the AWS account, with the five clients that nobody else needs. */
export const createInventory = ({ region, credentials, installation, reader, log }: InventoryParts) => {
  const clients = createAwsInventoryClients({ region, credentials });
  const inventory: Inventory = createAwsInventory({
    clients,
    region,
    installation,
    knownIds: latestIdsOf(reader),
    log,
  });
  const close = (): void => {
    for (const client of Object.values(clients)) client.destroy();
  };
  return { inventory, close };
};
