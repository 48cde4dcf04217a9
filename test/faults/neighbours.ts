import { setTimeout as delay } from 'node:timers/promises';
import type { Test } from 'tap';
import type { Dispatcher } from 'undici';
import { createGitlabClient } from '../../src/adapters/gitlab-client.ts';
import { createGitlabDispatcher } from '../../src/adapters/gitlab-exchange.ts';
import { createGitlabPing } from '../../src/adapters/gitlab-ping.ts';
import { createGitlabPipelines } from '../../src/adapters/gitlab-pipelines.ts';
import { createTokenExpiry, tokenExpiryCheck } from '../../src/adapters/gitlab-token-expiry.ts';
import { createGitlabTraces } from '../../src/adapters/gitlab-traces.ts';
import { createHttpLiveProbe } from '../../src/adapters/http-live-probe.ts';
import { createMaskedLogCollector } from '../../src/adapters/masked-log-collector.ts';
import { createSimulatorInventory } from '../../src/adapters/simulator-inventory.ts';
import { createSimulatorSecondDestroyer } from '../../src/adapters/simulator-second-destroyer.ts';
import { createStoredJobLogs } from '../../src/adapters/stored-job-logs.ts';
import type { Policy } from '../../src/lifecycle/deployment.ts';
import type { EventLog } from '../../src/lifecycle/ports.ts';
import {
  createGitlabSimulator,
  type GitlabSimulator,
  SIMULATOR_TOKEN,
} from '../../src/local/gitlab-simulator/simulator.ts';
import type { FakeClock } from '../fakes/fake-clock.ts';
import { createMemoryConditions } from '../fakes/memory-conditions.ts';
import { createMemoryLogs } from '../fakes/memory-logs.ts';
import { createStoreFaults } from '../fakes/store-faults.ts';

/** Never reached, however busy the machine is: whoever hangs is given up after the other time. */
const ANSWER_WITHIN_MS = 30_000;
/** How long a request that hangs is really waited for, and how long that is on the virtual clock. */
const HANG_MS = 100;
const HANG_VIRTUAL_MS = 15_000;

/** Whether a fault that is on lets this request hang. */
const hangs = (simulator: GitlabSimulator, { method, path }: Dispatcher.RequestOptions<null>): boolean =>
  simulator.control.faults().some(({ name, parameters }) => {
    if (name === 'create-hang') return method === 'POST' && path.endsWith('/pipeline');
    const { method: onlyMethod = method, path_contains: part = '' } = parameters;
    return name === 'hang' && onlyMethod === method && path.includes(String(part));
  });

/** The real adapters over real sockets against a real simulator; its clock and theirs are the one of the test. */
export const startNeighbours = async (
  t: Test,
  clock: FakeClock,
  log: EventLog,
  policy: Policy,
  /** Called whenever an adapter lets time pass: others go on meanwhile. */
  whileWaiting: () => Promise<void>,
) => {
  const simulator = createGitlabSimulator({ now: clock.now });
  const { origin } = await simulator.listen({ host: '127.0.0.1', port: 0 });
  const sockets = createGitlabDispatcher();
  t.teardown(async () => {
    await sockets.destroy();
    await simulator.close();
  });
  const wait = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await whileWaiting();
  };
  /** Gives up soon what would hang, and lets the adapter's own time pass on the virtual clock instead. */
  const left = (): number | null =>
    simulator.control.faults().find(({ name }) => name === 'hang' || name === 'create-hang')?.remaining ?? null;
  const request = async (options: Dispatcher.RequestOptions<null>): Promise<Dispatcher.ResponseData<null>> => {
    if (!hangs(simulator, options)) return sockets.request(options);
    const answer = sockets.request(options);
    answer.catch(() => undefined);
    const before = left();
    // On a busy machine it may take a while until the request has arrived and the fault has struck.
    do await delay(HANG_MS);
    while (left() === before && before !== null);
    await wait(HANG_VIRTUAL_MS);
    throw new DOMException('it hangs', 'TimeoutError');
  };
  const dispatcher = new Proxy(sockets, {
    get: (target, key): unknown => (key === 'request' ? request : Reflect.get(target, key)),
  });
  const timeouts = { headersMs: ANSWER_WITHIN_MS, bodyMs: ANSWER_WITHIN_MS, totalMs: ANSWER_WITHIN_MS };
  let held: string = SIMULATOR_TOKEN;
  const token = { current: async () => held, refresh: async () => null, previous: async () => null };
  const client = createGitlabClient({
    baseUrl: origin,
    project: 'demo/eks-demo',
    token,
    dispatcher,
    clock,
    log,
    wait,
    random: () => 0.5,
    timeouts,
  });
  const logStore = createMemoryLogs(createMemoryConditions(createStoreFaults()));
  const tokenExpiry = createTokenExpiry({ client, token, clock, log });
  const control = { origin, dispatcher: sockets };
  return {
    simulator,
    origin,
    ports: {
      pipelines: createGitlabPipelines({ client, ref: 'demo-v1', liveOrigins: [origin], log }),
      probe: createHttpLiveProbe({ allowPrivate: true, timeoutMs: 10_000 }),
      inventory: createSimulatorInventory(control),
      secondDestroyer: createSimulatorSecondDestroyer({ ...control, clock }),
    },
    collector: createMaskedLogCollector({
      traces: createGitlabTraces({ client, log }),
      store: logStore,
      clock,
      log,
      knownSecrets: () => [SIMULATOR_TOKEN],
    }),
    logs: createStoredJobLogs({ reader: logStore, clock, pollMs: 5_000 }),
    ping: createGitlabPing({ client, tokenExpiry, clock, policy }),
    checkToken: tokenExpiryCheck(tokenExpiry),
    /** The secret holds another token from now on. */
    setToken: (to: string): void => {
      held = to;
    },
  };
};

export type FaultNeighbours = Awaited<ReturnType<typeof startNeighbours>>;
