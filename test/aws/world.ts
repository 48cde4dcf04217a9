import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Test } from 'tap';
import { createDynamoClient } from '../../src/adapters/dynamodb-client.ts';
import { createHttpLiveProbe } from '../../src/adapters/http-live-probe.ts';
import { compose, type Service } from '../../src/compose.ts';
import { type Config, type Environment, loadConfig } from '../../src/config.ts';
import { ensureTable } from '../../src/local/dynamodb-table.ts';
import { createGitlabSimulator } from '../../src/local/gitlab-simulator/simulator.ts';
import { LOCAL_POLICY } from '../../src/policies.ts';
import { demoThings } from '../adapters/aws-inventory-world.ts';
import { LOCAL_ACCESS } from '../adapters/dynamodb-under-test.ts';
import { SECRET_VALUES } from '../adapters/fake-secrets-manager.ts';
import { type FakeAws, startFakeAws } from './fake-aws.ts';
import { AWS_SETTINGS } from './setting.ts';

const SPEED = 60;
const WITHIN_MS = 40_000;

/** A whole life within seconds; the limits in it stay as far apart as they are. */
export const FAST_POLICY = {
  ...LOCAL_POLICY,
  pollMs: 150,
  startDeadlineMs: 6_000,
  livePollMs: 300,
  probeMs: 300,
  inventoryMs: 200,
  proofGapMs: 1_000,
};

/** The SDK reads them from the environment of the process, as in a task. */
const putInEnvironment = (t: Test, variables: Readonly<Record<string, string>>): void => {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  t.teardown(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
};

/** What the pipelines build and destroy in the simulator is what exists in the account. */
const mirrored = (aws: FakeAws, simulator: ReturnType<typeof createGitlabSimulator>): (() => void) => {
  const there = new Set<string>();
  return () => {
    const resources = simulator.control.inventory()?.resources ?? [];
    const wanted = new Set(resources.map(({ deployment_id: id }) => id));
    for (const id of wanted) {
      if (there.has(id)) continue;
      aws.account.make(...demoThings(id));
      there.add(id);
    }
    for (const id of there) {
      if (wanted.has(id)) continue;
      for (const thing of demoThings(id)) aws.account.remove(thing.kind, thing.id);
      there.delete(id);
    }
    // It goes on naming what was, as the real one does for hours.
    aws.account.index();
  };
};

/** A fake AWS with a table, and a GitLab that takes the token of Secrets Manager. */
export const startNeighbourhood = async (t: Test) => {
  const aws = await startFakeAws();
  t.teardown(() => aws.close());
  const dynamo = createDynamoClient({ ...LOCAL_ACCESS, endpoint: aws.storeEndpoint });
  await ensureTable(dynamo, 'demo-on-demand');
  dynamo.destroy();
  const simulator = createGitlabSimulator({
    speed: SPEED,
    token: SECRET_VALUES.gitlabToken,
    projectPath: 'demo/eks-demo',
    refs: ['demo-v1'],
  });
  const { origin } = await simulator.listen({ host: '127.0.0.1', port: 0 });
  t.teardown(() => simulator.close());
  putInEnvironment(t, aws.environment);
  aws.onRequest(mirrored(aws, simulator));
  return { aws, simulator, origin };
};

export type Neighbourhood = Awaited<ReturnType<typeof startNeighbourhood>>;

/** As the environment says, but for the addresses on this machine, which no environment of AWS may name, and the pace. */
const configured = (environment: Environment, origin: string): Config => {
  const config = loadConfig({ ...AWS_SETTINGS, ...environment });
  if (config.mode !== 'aws') throw new Error('not aws');
  return { ...config, policy: FAST_POLICY, gitlab: { ...config.gitlab, url: origin, liveOrigins: [origin] } };
};

interface View {
  readonly id: string;
  readonly status: string;
  readonly live_url: string | null;
  readonly receipt: unknown;
}

export const jsonOf = async <T>(answer: Response): Promise<T> => (await answer.json()) as T;

/** The port is known once it listens. */
const portOf = ({ app }: Service): number => {
  const address = app.server.address();
  if (typeof address !== 'object' || address === null) throw new Error('it does not listen');
  return address.port;
};

/** A composed server on AWS in that neighbourhood; it is not started. */
export const composeOnAws = async (t: Test, { origin }: Neighbourhood, environment: Environment = {}) => {
  const lines: string[] = [];
  const logDestination = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(...String(chunk).trimEnd().split('\n'));
      done();
    },
  });
  const probe = createHttpLiveProbe({ allowPrivate: true });
  const service: Service = await compose(configured(environment, origin), { version: '9.9.9', logDestination, probe });
  t.teardown(() => service.stop());
  const request = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${portOf(service)}${path}`, {
      ...init,
      headers: { origin: 'https://cv.example.com', ...(init.headers as Record<string, string> | undefined) },
    });
  const view = async (id = 'current'): Promise<View> => jsonOf<View>(await request(`/v1/deployments/${id}`));

  /** Asks until the answer, or what is looked at of it, is wanted. */
  const eventually = async <T, Seen>(
    ask: () => Promise<T>,
    wanted: Seen,
    look: (answer: T) => unknown = (answer) => answer,
  ): Promise<T> => {
    const until = Date.now() + WITHIN_MS;
    for (;;) {
      const answer = await ask();
      if (look(answer) === wanted) return answer;
      if (Date.now() > until)
        throw new Error(`not ${wanted} but ${JSON.stringify(answer)}\n${lines.slice(-20).join('\n')}`);
      await delay(40);
    }
  };

  return {
    service,
    /** What it wrote to its log. */
    lines,
    events: (name: string) => lines.map((line) => JSON.parse(line)).filter(({ event }) => event === name),
    request,
    view,
    press: (headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
      request('/v1/deployments', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{}',
      }),
    destroy: (id: string, token: string): Promise<Response> =>
      request(`/v1/deployments/${id}`, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } }),
    eventually,
    until: (status: string): Promise<View> => eventually(view, status, ({ status: seen }) => seen),
  };
};
