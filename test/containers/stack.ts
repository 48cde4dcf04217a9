import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Test } from 'tap';
import { freePort } from '../../src/compose-port.ts';
import { eventually, type StartedFacts, type View } from '../processes/processes.ts';
import { composeCommand, DYNAMODB_IMAGE, docker, type Images, type Ran, ROOT, succeed, tryDocker } from './docker.ts';

const UP_MS = 120_000;
const DOWN_MS = 90_000;
/** No test takes longer, with everything taken away again. */
const LIFETIME_MS = 600_000;
/** As fast as every test that plays a whole life. */
const SIMULATOR_SPEED = '20';

export type Service = 'server' | 'gitlab' | 'dynamodb';

export interface LedgerEntry {
  readonly id: string;
  readonly reason: string;
  readonly sample: boolean;
}

export interface StackOptions {
  readonly files?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the given command as soon as standard input ends. The pipe ends with this process, however that ends. */
const WHEN_INPUT_ENDS = 'cat >/dev/null; exec "$@"';

/** A process that takes a project and its volumes away when told to, or when this process is no more. */
const startRemover = (compose: readonly string[], env: Readonly<Record<string, string>>) => {
  const removal = [...compose, 'down', '--volumes', '--remove-orphans', '--timeout', '1'];
  const child = spawn('sh', ['-c', WHEN_INPUT_ENDS, 'remover', ...removal], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    // In a session of its own, so that what ends the tests does not end it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const exited = once(child, 'exit', { signal: AbortSignal.timeout(LIFETIME_MS) });
  exited.catch(() => undefined);
  return {
    remove: async (): Promise<void> => {
      child.stdin.end();
      const [status] = await exited;
      if (status !== 0) throw new Error(`The stack could not be taken away (${status})`);
    },
  };
};

/** A stack of its own name and ports, brought down with its volumes when the test ends, however that is. */
export const createStack = async (t: Test, images: Images, { files = [], env = {} }: StackOptions = {}) => {
  const project = `demo-on-demand-test-${process.pid}-${Date.now().toString(36)}`;
  const [serverPort, sitePort] = [await freePort('127.0.0.1'), await freePort('127.0.0.1')];
  const url = `http://127.0.0.1:${serverPort}`;
  const site = `http://127.0.0.1:${sitePort}`;
  const settings = {
    SERVER_IMAGE: images.server,
    SIMULATOR_IMAGE: images.simulator,
    DYNAMODB_IMAGE,
    SERVER_PORT: String(serverPort),
    SITE_PORT: String(sitePort),
    SIMULATOR_SPEED,
    ...env,
  };
  const command = composeCommand(project, ['docker-compose.yml', ...files]);
  const compose = (args: readonly string[], timeoutMs: number): Promise<string> =>
    succeed([...command, ...args], { env: settings, timeoutMs });

  const remover = startRemover(command, settings);
  t.teardown(() => remover.remove());

  // By its labels, which is quicker than asking docker-compose.
  const containerOf = (service: Service): Promise<string> => {
    const labels = { 'com.docker.compose.project': project, 'com.docker.compose.service': service };
    const filters = Object.entries(labels).flatMap(([name, value]) => ['--filter', `label=${name}=${value}`]);
    return docker(['ps', '--all', '--quiet', ...filters]);
  };
  const request = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`${url}${path}`, { signal: AbortSignal.timeout(10_000), ...init });
  const view = async (id = 'current'): Promise<View> => (await (await request(`/v1/deployments/${id}`)).json()) as View;

  return {
    url,
    site,
    view,
    request,
    containerOf,
    up: () => compose(['up', '--detach', '--no-build'], UP_MS),
    /** Takes everything down but the volumes. */
    down: () => compose(['down', '--timeout', '10'], DOWN_MS),
    logs: () => compose(['logs', '--no-color', '--tail', '60'], 30_000),
    /** Resolves when it can serve. */
    ready: () =>
      eventually(
        () => request('/readyz'),
        ({ status }) => status === 200,
        60_000,
      ),
    until: (status: string, withinMs = 60_000): Promise<View> =>
      eventually(view, (seen) => seen.status === status, withinMs),
    press: async (): Promise<StartedFacts> => {
      const headers = { 'content-type': 'application/json' };
      const answer = await request('/v1/deployments', { method: 'POST', headers, body: '{}' });
      if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`);
      return (await answer.json()) as StartedFacts;
    },
    destroy: async (id: string, token: string): Promise<number> => {
      const headers = { authorization: `Bearer ${token}` };
      return (await request(`/v1/deployments/${id}`, { method: 'DELETE', headers })).status;
    },
    /** Entries of the ledger that are no samples, newest first. */
    ledger: async (): Promise<readonly LedgerEntry[]> => {
      const { entries } = (await (await request('/v1/deployments?limit=50')).json()) as { entries: LedgerEntry[] };
      return entries.filter(({ sample }) => !sample);
    },
    /** Runs JavaScript in the container of a service. */
    evaluate: async (service: Service, code: string): Promise<Ran> =>
      tryDocker(['exec', await containerOf(service), 'node', '-e', code]),
    inspect: async (service: Service) => JSON.parse(await docker(['inspect', await containerOf(service)]))[0],
  };
};

export type Stack = Awaited<ReturnType<typeof createStack>>;
