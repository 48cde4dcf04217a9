/** What the application knows of its deployment without asking anybody. */
export interface Facts {
  readonly deploymentId: string;
  /** Null where it was not given: the application shows what it knows. */
  readonly commit: string | null;
  readonly region: string | null;
  readonly clusterName: string | null;
  /** When the pipeline began to build. */
  readonly buildStartedAt: number | null;
  /** Where the pipeline can be seen. */
  readonly pipelineUrl: string | null;
  readonly podName: string | null;
  readonly nodeName: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

const DEPLOYMENT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const COMMIT = /^[0-9a-f]{7,64}$/;
const NAME = /^[a-z0-9][a-z0-9.-]{0,252}$/;

const matching = (text: string | undefined, pattern: RegExp): string | null =>
  text !== undefined && pattern.test(text) ? text : null;

const instantOf = (text: string | undefined): number | null => {
  const instant = Date.parse(text ?? '');
  return Number.isNaN(instant) ? null : instant;
};

const linkOf = (text: string | undefined): string | null => {
  const url = URL.parse(text ?? '');
  return url?.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : null;
};

/**
 * The facts in an environment. What is not as it should be is left out, but for the id: without it, nobody could tell whose
 * demo answers, so that throws an Error.
 */
export const factsOf = (environment: Environment): Facts => {
  const deploymentId = matching(environment.DEPLOYMENT_ID, DEPLOYMENT_ID);
  if (deploymentId === null) throw new Error('DEPLOYMENT_ID is not a UUID in lower case');
  return {
    deploymentId,
    commit: matching(environment.COMMIT, COMMIT),
    region: matching(environment.AWS_REGION, NAME),
    clusterName: matching(environment.CLUSTER_NAME, NAME),
    buildStartedAt: instantOf(environment.APPLY_STARTED_AT),
    pipelineUrl: linkOf(environment.PIPELINE_URL),
    podName: matching(environment.POD_NAME, NAME),
    nodeName: matching(environment.NODE_NAME, NAME),
  };
};
