import type { GitlabSimulator } from '../../src/local/gitlab-simulator/simulator.ts';

/** The part of the simulator's state that the tests look at. */
export interface SimulatedJob {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  /** Epoch milliseconds. */
  readonly started_at: number | null;
  /** How many things it made in the account. */
  readonly made: number;
}

export interface SimulatedPipeline {
  readonly id: number;
  /** `demo <action> <deployment id> <request id>`. */
  readonly name: string;
  readonly status: string;
  readonly jobs: readonly SimulatedJob[];
}

export interface SimulatedState {
  readonly pipelines: readonly SimulatedPipeline[];
  readonly resources: readonly { readonly type: string; readonly deployment_id: string }[];
  readonly schedules: readonly { readonly deployment_id: string }[];
  readonly builds: readonly { readonly status: string; readonly destroyed: number }[];
}

/** What is really there, whatever any fault says: the tests' own way to the truth. */
export const stateOf = (simulator: GitlabSimulator): SimulatedState =>
  // The snapshot is made for people and typed as any JSON; a wrong field fails the test that looks at it.
  simulator.snapshot() as unknown as SimulatedState;

export const actionOf = ({ name }: SimulatedPipeline): string => name.split(' ')[1] ?? '';

/** Pipelines of a deployment that built something. An apply that started late refuses, one that found everything there makes nothing. */
export const builders = ({ pipelines }: SimulatedState, id: string): readonly SimulatedPipeline[] =>
  pipelines.filter(({ name, jobs }) => name.includes(id) && jobs.some(({ made }) => made > 0));

const FINISHED = ['success', 'failed', 'canceled', 'skipped'];

export const isFinished = ({ status }: SimulatedPipeline): boolean => FINISHED.includes(status);
