import { randomBytes } from 'node:crypto';
import { Agent } from 'undici';
import { createDynamoClient } from './adapters/dynamodb-client.ts';
import { createFixedSecrets } from './adapters/fixed-secrets.ts';
import { createHttpLiveProbe } from './adapters/http-live-probe.ts';
import { createSimulatorInventory } from './adapters/simulator-inventory.ts';
import { createSimulatorSecondDestroyer } from './adapters/simulator-second-destroyer.ts';
import { createFixedWebhook, type WebhookSource } from './adapters/webhook-target.ts';
import type { Neighbours } from './compose-neighbours.ts';
import type { LocalConfig } from './config.ts';
import type { Clock } from './lifecycle/ports.ts';
import { ensureTable } from './local/dynamodb-table.ts';
import { startEmbeddedDynamodb } from './local/embedded-dynamodb.ts';
import { createGitlabSimulator, SIMULATOR_TOKEN } from './local/gitlab-simulator/simulator.ts';

/** Neither the embedded store nor DynamoDB Local looks at them, but the SDK wants some. */
const LOCAL_AWS_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

const randomSecret = (): string => randomBytes(32).toString('base64url');

/** It has no access control, so however the server is reached, its simulator is reached from this machine alone. */
const startSimulator = async ({ gitlab, local }: LocalConfig) => {
  const simulator = createGitlabSimulator({
    speed: local.simulatorSpeed,
    projectPath: gitlab.project,
    refs: [gitlab.ref],
  });
  const { origin } = await simulator.listen({ host: '127.0.0.1', port: 0 });
  return { origin, close: () => simulator.close() };
};

/** The simulator and the store of local mode, each started here unless the configuration names another one. */
const startProcesses = async (config: LocalConfig) => {
  const { store, gitlab } = config;
  const dynamodb = store.endpoint === null ? await startEmbeddedDynamodb() : null;
  const simulator = gitlab.url === null ? await startSimulator(config) : null;
  return {
    endpoint: store.endpoint ?? dynamodb?.endpoint,
    simulatorOrigin: gitlab.url ?? simulator?.origin ?? '',
    close: async () => {
      await simulator?.close();
      await dynamodb?.close();
    },
  };
};

const webhookOf = ({ webhookUrl, webhookKey }: LocalConfig['local']): WebhookSource | null =>
  webhookUrl === null || webhookKey === null
    ? null
    : createFixedWebhook({ url: new URL(webhookUrl.reveal()), key: webhookKey.reveal() });

/** Starts the neighbours of local mode. What was started here ends with `close`, and its data with it. */
export const startLocalNeighbours = async (config: LocalConfig, clock: Clock): Promise<Neighbours> => {
  const { local, store, gitlab } = config;
  const processes = await startProcesses(config);
  const { simulatorOrigin } = processes;
  const dynamo = createDynamoClient({
    region: store.region,
    endpoint: processes.endpoint,
    credentials: LOCAL_AWS_CREDENTIALS,
  });
  await ensureTable(dynamo, store.tableName);
  const dispatcher = new Agent();
  const control = { origin: simulatorOrigin, dispatcher };
  const liveOrigins = gitlab.liveOrigins.length > 0 ? gitlab.liveOrigins : [simulatorOrigin];
  const ownerToken = local.ownerToken?.reveal() ?? randomSecret();
  return {
    dynamo,
    gitlabUrl: simulatorOrigin,
    liveOrigins,
    inventory: createSimulatorInventory(control),
    secondDestroyer: createSimulatorSecondDestroyer({ ...control, clock }),
    probe: createHttpLiveProbe({
      allowPrivate: true,
      ...(local.probeOrigin === null ? {} : { probeOrigin: local.probeOrigin }),
    }),
    secrets: createFixedSecrets({
      gitlabToken: local.gitlabToken?.reveal() ?? SIMULATOR_TOKEN,
      ownerToken,
      signingKey: local.signingKey?.reveal() ?? randomSecret(),
    }),
    webhook: webhookOf(local),
    printedOwnerToken: local.ownerToken === null ? ownerToken : null,
    close: async () => {
      dynamo.destroy();
      await dispatcher.close();
      await processes.close();
    },
  };
};
