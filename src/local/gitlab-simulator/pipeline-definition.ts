/** The pipeline the simulated project defines; it has the same inputs, names and jobs as the real project's. */

export type Action = 'apply' | 'destroy';
export type JobName = 'plan' | 'apply' | 'stop' | 'verify' | 'destroy' | 'inventory';

export interface PipelineInputs {
  readonly action: Action;
  readonly deployment_id: string;
  readonly request_id: string;
  readonly start_before: string;
  readonly holders_ended: 'true' | 'false';
}

export interface JobDefinition {
  readonly name: JobName;
  readonly stage: string;
  /** True for the job that waits until somebody, or GitLab's own auto-stop, starts it. */
  readonly manual: boolean;
  readonly allowFailure: boolean;
  /** True for jobs that hold the one resource group while they are queued or running. */
  readonly exclusive: boolean;
}

/** One constant group: no apply or destroy ever runs beside another, whatever deployment it belongs to. */
export const RESOURCE_GROUP_KEY = 'demo';

const APPLY_JOBS: readonly JobDefinition[] = [
  { name: 'plan', stage: 'plan', manual: false, allowFailure: false, exclusive: false },
  { name: 'apply', stage: 'apply', manual: false, allowFailure: false, exclusive: true },
  { name: 'stop', stage: 'apply', manual: true, allowFailure: true, exclusive: true },
  { name: 'verify', stage: 'verify', manual: false, allowFailure: false, exclusive: false },
];

const DESTROY_JOBS: readonly JobDefinition[] = [
  { name: 'destroy', stage: 'destroy', manual: false, allowFailure: false, exclusive: true },
  { name: 'inventory', stage: 'inventory', manual: false, allowFailure: false, exclusive: false },
];

/** The jobs of a pipeline in the order GitLab creates them, which is also the order of their stages. */
export function jobsOf(action: Action): readonly JobDefinition[] {
  return action === 'apply' ? APPLY_JOBS : DESTROY_JOBS;
}

/** The stages of a pipeline in order. */
export function stagesOf(action: Action): readonly string[] {
  return [...new Set(jobsOf(action).map(({ stage }) => stage))];
}

/** What `workflow:name` makes of the inputs: `demo <action> <deployment_id> <request_id>`. */
export function pipelineName(inputs: PipelineInputs): string {
  return `demo ${inputs.action} ${inputs.deployment_id} ${inputs.request_id}`;
}

/** The name every resource of a deployment carries: `demo-` and the last twelve hexadecimal digits of its id. */
export function resourceName(deploymentId: string): string {
  return `demo-${deploymentId.slice(-12)}`;
}
