import { readFileSync } from 'node:fs';
import { createClusterWatch } from './cluster-watch.ts';
import { factsOf } from './facts.ts';
import { createKubernetesApi } from './kubernetes-api.ts';
import { createDemoServer } from './server.ts';

/** Where Kubernetes puts what a pod needs to ask it. */
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: apiPort, PORT = '8080' } = process.env;

const api = createKubernetesApi({
  origin: `https://${host}:${apiPort}`,
  authority: readFileSync(`${ACCOUNT}/ca.crt`, 'utf8'),
  tokenFile: `${ACCOUNT}/token`,
});

const log = (message: string): void => {
  process.stderr.write(`${new Date().toISOString()} ${message}\n`);
};

const watch = createClusterWatch({
  api,
  now: Date.now,
  onTrouble: (error) => log(error instanceof Error ? error.message : String(error)),
});

const server = createDemoServer({ facts: factsOf(process.env), watch, now: Date.now });
server.listen(Number(PORT), () => log(`listening on port ${PORT}`));

// Requests that came with the news that it is over are still answered.
process.once('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
