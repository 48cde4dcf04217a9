import { ownCredentials } from './adapters/aws-credentials.ts';
import { createDynamoClient } from './adapters/dynamodb-client.ts';
import { createDynamoDeploymentReader } from './adapters/dynamodb-deployment-reader.ts';
import { createDynamoTable } from './adapters/dynamodb-table.ts';
import { createHttpLiveProbe } from './adapters/http-live-probe.ts';
import { createSchedulerClient } from './adapters/scheduler-client.ts';
import { createSchedulerSecondDestroyer } from './adapters/scheduler-second-destroyer.ts';
import { createSecretsManagerClient } from './adapters/secrets-manager-client.ts';
import { createSecretsManagerSecrets } from './adapters/secrets-manager-secrets.ts';
import { createSecretsManagerWebhook } from './adapters/webhook-target.ts';
import type { Neighbours } from './compose-neighbours.ts';
import type { AwsConfig } from './config.ts';
import type { Clock, EventLog, Inventory } from './lifecycle/ports.ts';

type Loaded = Awaited<ReturnType<typeof loadInventory>>;

/** Its five clients are two thirds of all code of AWS, and nobody waits for the first answer. */
const loadInventory = async (...parts: Parameters<typeof import('./compose-inventory.ts').createInventory>) =>
  (await import('./compose-inventory.ts')).createInventory(...parts);

/** An inventory that is loaded when it is asked for the first time. */
const createInventoryOnUse = (load: () => Promise<Loaded>) => {
  let loading: Promise<Loaded> | null = null;
  const loaded = async (): Promise<Inventory> => {
    loading ??= load();
    return (await loading).inventory;
  };
  const inventory: Inventory = {
    read: async (deploymentId) => (await loaded()).read(deploymentId),
    sweep: async () => (await loaded()).sweep(),
  };
  return { inventory, close: async () => (await loading)?.close() };
};

/**
 * Makes the neighbours of a server on AWS, out of nothing but the configuration and the role of the task. Nothing is
 * asked here, so it succeeds whatever is out of reach.
 */
export const connectAws = (config: AwsConfig, clock: Clock, log: EventLog): Neighbours => {
  const { store, gitlab, server, secrets: ids, secondDestroyer } = config;
  const { region, tableName } = store;
  // One for all clients, so that the task's metadata are asked once and not once by each.
  const credentials = ownCredentials();
  const dynamo = createDynamoClient({ region, credentials, endpoint: store.endpoint ?? undefined });
  const scheduler = createSchedulerClient({ region, credentials });
  const secretsManager = createSecretsManagerClient({ region, credentials });
  const reader = createDynamoDeploymentReader(createDynamoTable(dynamo, tableName));
  const { inventory, close } = createInventoryOnUse(() =>
    loadInventory({ region, credentials, installation: tableName, reader, log }),
  );
  return {
    dynamo,
    gitlabUrl: gitlab.url,
    liveOrigins: gitlab.liveOrigins,
    inventory,
    secondDestroyer: createSchedulerSecondDestroyer({ client: scheduler, clock, ...secondDestroyer }),
    // Our own public address is always there and needs nobody else: when not even that answers, our way out is broken.
    probe: createHttpLiveProbe({ allowPrivate: false, controlUrl: new URL('/livez', server.publicUrl).href }),
    secrets: createSecretsManagerSecrets({ client: secretsManager, ids, clock, log }),
    webhook:
      ids.webhook === null
        ? null
        : createSecretsManagerWebhook({ client: secretsManager, id: ids.webhook, clock, log }),
    printedOwnerToken: null,
    close: async () => {
      for (const client of [dynamo, scheduler, secretsManager]) client.destroy();
      await close();
    },
  };
};
