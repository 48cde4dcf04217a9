import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import { SIMULATOR_TOKEN } from '../../src/local/gitlab-simulator/simulator.ts';
import { endWithUs } from './end-with-us.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const STARTS_WITHIN_MS = 40_000;
/** Where Node keeps it unless told otherwise; what one start has compiled, the next need not. */
const COMPILE_CACHE = join(tmpdir(), 'node-compile-cache');

/** A child process and everything it wrote. */
export interface Running {
  readonly child: ChildProcess;
  /** What it wrote to standard output and standard error, in the order it came. */
  output(): string;
  /** As `kill -9` does. Resolves when it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** What the images run in place of a script. It starts in half the time, and whoever changes src/ has to build it anew. */
const BUILT: Readonly<Record<string, string>> = {
  'src/server.ts': 'dist/server/bin/server.js',
  'src/local/gitlab-simulator/main.ts': 'dist/simulator/bin/gitlab-simulator.js',
};

/**
 * Starts a script of the project as a process of its own, with these variables and no others. It ends with the test.
 * Where TEST_BUILT is set, it is the script as it was built last.
 */
export const startProcess = (t: Test, script: string, env: Readonly<Record<string, string>>): Running => {
  const { PATH = '', TEST_BUILT } = process.env;
  const program = TEST_BUILT === undefined ? script : (BUILT[script] ?? script);
  const child = spawn(process.execPath, [program], {
    cwd: ROOT,
    env: { PATH, NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithUs(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      output += text;
    });
  }
  const kill = async (signal: NodeJS.Signals = 'SIGKILL'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  t.teardown(() => kill());
  return { child, output: () => output, kill };
};

/** Waits until its output has this, and answers with the first group. */
const printed = async (running: Running, pattern: RegExp): Promise<string> => {
  const until = Date.now() + STARTS_WITHIN_MS;
  while (Date.now() < until) {
    const found = pattern.exec(running.output());
    if (found !== null) return found[1] ?? '';
    if (running.child.exitCode !== null) break;
    await delay(20);
  }
  throw new Error(`It did not start:\n${running.output()}`);
};

/** Asks until the answer is wanted; rejects with the last one when that takes too long. */
export const eventually = async <T>(
  ask: () => Promise<T>,
  isWanted: (value: T) => boolean,
  withinMs: number,
): Promise<T> => {
  const until = Date.now() + withinMs;
  let last: unknown;
  while (Date.now() < until) {
    try {
      const value = await ask();
      if (isWanted(value)) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    await delay(50);
  }
  throw new Error(`It never came to be so; last: ${last instanceof Error ? last.stack : JSON.stringify(last)}`);
};

export interface PipelineState {
  readonly id: number;
  readonly name: string;
  readonly status: string;
}

interface Account {
  readonly resources: readonly unknown[];
}

interface Schedule {
  readonly deployment_id: string;
  readonly first_run_at: number;
  readonly every_seconds: number;
}

/** What the second destroyer did. */
interface Build {
  readonly deployment_id: string;
  readonly status: string;
  readonly destroyed: number;
}

/** What lets a process take part when time passes: see `passing-time.ts`. */
export const passingTime = ({ aheadMs = 0, jumpMs = 0 }): Readonly<Record<string, string>> => ({
  NODE_OPTIONS: `--import=${new URL('passing-time.ts', import.meta.url)}`,
  CLOCK_AHEAD_MS: String(aheadMs),
  CLOCK_JUMP_MS: String(jumpMs),
});

interface BackendOptions {
  readonly speed: number;
  readonly store?: string;
  /** What else the simulator's process is to know. */
  readonly simulatorEnv?: Readonly<Record<string, string>>;
}

/** The store and the simulator, each in a process of its own, that servers come and go beside. */
export const startBackends = async (t: Test, { speed, store, simulatorEnv = {} }: BackendOptions) => {
  const dynamodb = store === undefined ? startProcess(t, 'test/processes/dynalite-process.ts', {}) : null;
  const simulator = startProcess(t, 'src/local/gitlab-simulator/main.ts', {
    SIMULATOR_PORT: '0',
    SIMULATOR_SPEED: String(speed),
    ...simulatorEnv,
  });
  const endpoint = store ?? (await printed(dynamodb as Running, /(http:\S+)/));
  const gitlab = await printed(simulator, /GitLab simulator: (\S+)/);

  const control = async <T>(path: string, init?: RequestInit): Promise<T> => {
    const answer = await fetch(`${gitlab}/control/${path}`, init);
    return (answer.status === 204 ? null : await answer.json()) as T;
  };

  const put = (path: string, body: Readonly<Record<string, unknown>>): Promise<unknown> =>
    control(path, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

  return {
    endpoint,
    gitlab,
    pipelines: async (action: 'apply' | 'destroy'): Promise<readonly PipelineState[]> => {
      const { pipelines } = await control<{ pipelines: readonly PipelineState[] }>('state');
      return pipelines.filter(({ name }) => name.startsWith(`demo ${action} `));
    },
    resources: async () => (await control<Account>('inventory')).resources,
    schedules: async () => (await control<{ schedules: readonly Schedule[] }>('schedules')).schedules,
    builds: async () => (await control<{ builds: readonly Build[] }>('state')).builds,
    /** Time passes for the simulator, as far as its environment says. Resolves when so much has. */
    jump: async (jumpMs: number): Promise<void> => {
      const wallClock = async () => (await control<{ now: number }>('state')).now;
      const before = await wallClock();
      simulator.child.kill('SIGUSR2');
      await eventually(wallClock, (now) => now >= before + jumpMs, 5_000);
    },
    setFault: (name: string, parameters: Readonly<Record<string, unknown>>) => put(`faults/${name}`, parameters),
    setSpeed: (to: number) => put('speed', { speed: to }),
  };
};

export type Backends = Awaited<ReturnType<typeof startBackends>>;

export const OWNER_TOKEN = ['owner', 'token', 'of', 'the', 'process', 'tests'].join('-');
export const SIGNING_KEY = ['signing', 'key', 'of', 'the', 'process', 'tests', 'only'].join('-');

export interface View {
  readonly id: string | null;
  readonly status: string;
  readonly reason: string;
  readonly live_url: string | null;
  readonly receipt: unknown;
}

export interface StartedFacts {
  readonly id: string;
  readonly created_at: string;
  readonly control_token: string;
}

/** What a server needs to be told to work beside those backends. */
export const serverEnvironment = ({ endpoint, gitlab }: Pick<Backends, 'endpoint' | 'gitlab'>) => ({
  PORT: '0',
  DYNAMODB_ENDPOINT: endpoint,
  GITLAB_URL: gitlab,
  GITLAB_PROJECT: 'demo/eks-demo',
  GITLAB_REF: 'demo-v1',
  LIVE_ORIGINS: gitlab,
  LOCAL_GITLAB_TOKEN: SIMULATOR_TOKEN,
  LOCAL_OWNER_TOKEN: OWNER_TOKEN,
  LOCAL_SIGNING_KEY: SIGNING_KEY,
  RATE_LIMIT_PER_SECOND: '100000',
  RATE_LIMIT_BURST: '100000',
});

/** A server process beside those backends, with fresh limits unless told otherwise. */
export const startServer = async (t: Test, backends: Backends, env: Readonly<Record<string, string>> = {}) => {
  const running = startProcess(t, 'src/server.ts', { ...serverEnvironment(backends), ...env });
  const url = await printed(running, /demo-on-demand is at (\S+)/);

  const request = (path: string, init?: RequestInit): Promise<Response> => fetch(`${url}${path}`, init);
  const view = async (id = 'current'): Promise<View> => (await (await request(`/v1/deployments/${id}`)).json()) as View;

  return {
    ...running,
    url,
    request,
    view,
    press: (headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
      request('/v1/deployments', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{}',
      }),
    until: (status: string, withinMs = 60_000): Promise<View> =>
      eventually(view, (seen) => seen.status === status, withinMs),
    /** Entries of the ledger that are no samples. */
    ledger: async () => {
      const { entries } = (await (await request('/v1/deployments?limit=50')).json()) as {
        entries: readonly { readonly id: string; readonly sample: boolean; readonly reason: string }[];
      };
      return entries.filter(({ sample }) => !sample);
    },
    destroy: (id: string, token: string): Promise<Response> =>
      request(`/v1/deployments/${id}`, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } }),
  };
};

export type Server = Awaited<ReturnType<typeof startServer>>;

/** Presses the button and answers with the facts; fails the test if that was refused. */
export const press = async (t: Test, server: Server): Promise<StartedFacts> => {
  const answer = await server.press();
  t.equal(answer.status, 201);
  return (await answer.json()) as StartedFacts;
};
