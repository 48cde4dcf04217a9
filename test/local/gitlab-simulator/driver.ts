import type { Test } from 'tap';
import {
  createGitlabSimulator,
  type GitlabSimulator,
  type GitlabSimulatorOptions,
  SIMULATOR_TOKEN,
} from '../../../src/local/gitlab-simulator/simulator.ts';

export const START = Date.parse('2026-11-20T09:00:00.123Z');
export const DEPLOYMENT = '0193f0a0-1111-7abc-8def-0123456789ab';
export const OTHER_DEPLOYMENT = '0193f0a0-2222-7abc-8def-fedcba987654';

type Json = Record<string, unknown>;

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: string;
  readonly bytes: Buffer;
  /** The body as a JSON object; throws if it is none. */
  json(): Json;
  /** The body as a JSON array of objects; throws if it is none. */
  list(): Json[];
}

export interface Driver {
  readonly simulator: GitlabSimulator;
  now(): number;
  /** Lets wall-clock seconds pass. */
  pass(seconds: number): void;
  setNow(at: number): void;
  request(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: unknown, headers?: Json): Promise<Answer>;
  /** A call of the API below the project, with the token. */
  api(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Answer>;
  create(inputs?: Partial<Record<string, unknown>>, ref?: string): Promise<Answer>;
  /** Creates a pipeline and answers with its id. */
  createId(inputs?: Partial<Record<string, unknown>>): Promise<number>;
  /** The newest job of that name in a pipeline. */
  job(pipelineId: number, name: string): Promise<Json>;
  pipelineStatus(pipelineId: number): Promise<unknown>;
  inventory(deploymentId?: string): Promise<Json[]>;
}

function answerOf(response: Awaited<ReturnType<GitlabSimulator['inject']>>): Answer {
  const parse = (): unknown => JSON.parse(response.body);
  return {
    status: response.statusCode,
    headers: response.headers,
    body: response.body,
    bytes: response.rawPayload,
    json() {
      const value = parse();
      if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('no JSON object');
      return { ...value };
    },
    list() {
      const value = parse();
      if (!Array.isArray(value)) throw new Error('no JSON array');
      return value;
    },
  };
}

/** Makes a simulator on a clock that stands still until the test moves it; closed when the test ends. */
export function drive(t: Test, options: GitlabSimulatorOptions = {}): Driver {
  let now = START;
  const simulator = createGitlabSimulator({ now: () => now, createLimitPerMinute: 1_000, ...options });
  t.teardown(() => simulator.close());

  const request: Driver['request'] = async (method, url, body, headers = {}) => {
    const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    return answerOf(
      await simulator.inject({ method, url, ...payload, headers: { ...type, ...headers } as Record<string, string> }),
    );
  };
  const api: Driver['api'] = (method, path, body) =>
    request(method, `/api/v4/projects/1001${path}`, body, { 'private-token': SIMULATOR_TOKEN });
  const create: Driver['create'] = (inputs = {}, ref = 'demo-v1') => {
    const complete = {
      action: 'apply',
      deployment_id: DEPLOYMENT,
      request_id: 'req-1',
      start_before: 'none',
      ...inputs,
    };
    return api('POST', '/pipeline', { ref, inputs: complete });
  };

  return {
    simulator,
    now: () => now,
    pass(seconds) {
      now += seconds * 1_000;
    },
    setNow(at) {
      now = at;
    },
    request,
    api,
    create,
    createId: async (inputs) => Number((await create(inputs)).json().id),
    async job(pipelineId, name) {
      const jobs = (await api('GET', `/pipelines/${pipelineId}/jobs`)).list();
      const found = jobs.find((job) => job.name === name);
      if (!found) throw new Error(`no job ${name}`);
      return found;
    },
    pipelineStatus: async (pipelineId) => (await api('GET', `/pipelines/${pipelineId}`)).json().status,
    async inventory(deploymentId) {
      const query = deploymentId === undefined ? '' : `?deployment_id=${deploymentId}`;
      const { resources } = (await request('GET', `/control/inventory${query}`)).json();
      if (!Array.isArray(resources)) throw new Error('no list of resources');
      return resources;
    },
  };
}

/** Creates an apply and lets it finish. Answers with the pipeline's id. */
export async function deploy(driver: Driver, deploymentId: string = DEPLOYMENT): Promise<number> {
  const id = await driver.createId({ deployment_id: deploymentId });
  driver.pass(100);
  return id;
}
