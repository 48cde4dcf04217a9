import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Test } from 'tap';
import { createClusterWatch } from '../../terraform/demo/app/server/cluster-watch.ts';
import { factsOf } from '../../terraform/demo/app/server/facts.ts';
import { createKubernetesApi, type KubernetesAnswers } from '../../terraform/demo/app/server/kubernetes-api.ts';
import { createDemoServer } from '../../terraform/demo/app/server/server.ts';
import { BUILD_STARTED_AT, ENVIRONMENT, healthyAnswers } from './kubernetes-fixtures.ts';

const TOKEN = 'made-up-token';

export const listen = async (t: Test, server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** A pod's token, as a file. */
export const tokenFile = (t: Test): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'demo-app-')), 'token');
  t.teardown(() => rmSync(dirname(file), { recursive: true }));
  writeFileSync(file, `${TOKEN}\n`);
  return file;
};

export interface Kubernetes {
  answers: KubernetesAnswers;
  /** Any other than 200 is answered to all. */
  status: number;
  readonly requests: string[];
}

/** Stands in for the interface of Kubernetes: the three addresses, and only for whoever has the token. */
export const startKubernetes = async (
  t: Test,
): Promise<{ readonly origin: string; readonly kubernetes: Kubernetes }> => {
  const kubernetes: Kubernetes = { answers: healthyAnswers(), status: 200, requests: [] };
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    kubernetes.requests.push(`${request.method} ${path}`);
    const { version, nodes, pods } = kubernetes.answers;
    const body = new Map([
      ['/version', version],
      ['/api/v1/nodes', nodes],
      ['/api/v1/pods', pods],
    ]).get(path);
    const isAllowed = request.headers.authorization === `Bearer ${TOKEN}`;
    response.statusCode = isAllowed ? (body === undefined ? 404 : kubernetes.status) : 401;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(body ?? { kind: 'Status' }));
  });
  return { origin: await listen(t, server), kubernetes };
};

export interface DemoUnderTest {
  readonly origin: string;
  readonly kubernetes: Kubernetes;
  readonly clock: { now: number };
  readonly troubles: string[];
}

/** The whole application as a pod runs it, with Kubernetes played and the clock in the test's hand. */
export const startDemo = async (
  t: Test,
  environment: Readonly<Record<string, string>> = ENVIRONMENT,
): Promise<DemoUnderTest> => {
  const { origin: apiOrigin, kubernetes } = await startKubernetes(t);
  const clock = { now: BUILD_STARTED_AT + 14 * 60_000 };
  const now = (): number => clock.now;
  const troubles: string[] = [];
  const watch = createClusterWatch({
    api: createKubernetesApi({ origin: apiOrigin, tokenFile: tokenFile(t) }),
    now,
    onTrouble: (error) => troubles.push(String(error)),
  });
  const origin = await listen(t, createDemoServer({ facts: factsOf(environment), watch, now }));
  return { origin, kubernetes, clock, troubles };
};
