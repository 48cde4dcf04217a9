import { isDeploymentId } from '../lifecycle/deployment.ts';
import type { CreateAnswer, EventLog, PipelineRequest } from '../lifecycle/ports.ts';
import type { GitlabClient } from './gitlab-client.ts';
import type { GitlabAnswer } from './gitlab-exchange.ts';
import { gitlabFailureOf, unusable } from './gitlab-failure.ts';
import { errorTextOf, expectJson, isWebPage } from './gitlab-json.ts';
import { pipelineFields } from './gitlab-shapes.ts';

const REQUEST_ID = /^[a-z0-9-]{1,64}$/;

export interface KnownRefusal {
  readonly text: RegExp;
  readonly reason: string;
  readonly retryable: boolean;
}

/**
 * The texts GitLab refuses a new pipeline with, all of them 400 and none persisting anything. Two kinds pass by
 * themselves: the limit of pipelines a minute, which is a 400 and not a 429, and the limits of what is active
 * (lib/gitlab/ci/pipeline/chain/limit, .../validate, .../populate.rb, .../build/associations.rb; interpolator of the
 * inputs; https://docs.gitlab.com/ci/debugging/).
 */
export const KNOWN_REFUSALS: readonly KnownRefusal[] = [
  { text: /^too many pipelines created/i, reason: 'creation_limit', retryable: true },
  { text: /allowed number of jobs in active pipelines/i, reason: 'active_limit', retryable: true },
  { text: /^active pipelines limit exceeded/i, reason: 'active_limit', retryable: true },
  { text: /^reference not found/i, reason: 'ref_not_found', retryable: false },
  { text: /^missing ci config file/i, reason: 'no_ci_file', retryable: false },
  { text: /^pipeline will not run for the selected trigger/i, reason: 'no_jobs', retryable: false },
  { text: /^insufficient permissions to set pipeline variables/i, reason: 'variables_forbidden', retryable: false },
  { text: /^duplicate variable name/i, reason: 'variables_invalid', retryable: false },
  { text: /^insufficient permissions to create a new pipeline/i, reason: 'role_too_low', retryable: false },
  { text: /sufficient permission to run a pipeline on/i, reason: 'ref_protected', retryable: false },
  { text: /^given inputs not defined/i, reason: 'inputs_undefined', retryable: false },
  { text: /^`[^`]{1,255}` input: |^unknown input arguments/i, reason: 'inputs_invalid', retryable: false },
  { text: /verification is required in order to run ci jobs/i, reason: 'identity_unverified', retryable: false },
  { text: /credit card required to be on file/i, reason: 'identity_unverified', retryable: false },
];

/** Answers with these say that nothing was made, if GitLab itself gave them; 401 is dealt with by the client. */
const REFUSING: Readonly<Record<number, string>> = {
  400: 'rejected',
  403: 'forbidden',
  404: 'project_not_found',
  422: 'rejected',
};

const refused = (reason: string, retryable: boolean): CreateAnswer => ({ kind: 'refused', reason, retryable });

const refusalOf = (answer: GitlabAnswer, log: EventLog): CreateAnswer => {
  const { status } = answer;
  const text = errorTextOf(answer);
  if (status === 429 && !isWebPage(answer)) return refused('rate_limited', true);
  const usual = REFUSING[status];
  // What came from an edge, or is a conflict or a redirect, does not say that GitLab made nothing.
  if (usual === undefined || text === null) throw unusable(`pipeline: ${status} says nothing for sure`);
  const known = KNOWN_REFUSALS.find((refusal) => refusal.text.test(text));
  if (known !== undefined) return refused(known.reason, known.retryable);
  log.event('warn', 'gitlab.create_rejected', { status, text });
  return refused(/^insufficient_scope/.test(text) ? 'insufficient_scope' : usual, false);
};

const createdOf = (answer: GitlabAnswer): CreateAnswer => {
  const { id, sha, webUrl } = pipelineFields(expectJson(answer, 'pipeline'));
  return { kind: 'created', pipelineId: id, sha, webUrl };
};

/** GitLab never saw the request, or saw it and did not let us in: either way it made nothing, and may do so later. */
const neverMade = (error: unknown): CreateAnswer | null => {
  const kind = gitlabFailureOf(error)?.kind;
  return kind === 'not_sent' || kind === 'unauthorized' ? refused(kind, true) : null;
};

/** The seconds are cut off, never rounded up: the deadline in the pipeline is not later than ours. */
const startBeforeOf = ({ startBefore }: PipelineRequest): string =>
  startBefore === null ? 'none' : `${new Date(startBefore).toISOString().slice(0, 19)}Z`;

const bodyOf = (request: PipelineRequest, ref: string) => {
  const { deploymentId, requestId } = request;
  if (!isDeploymentId(deploymentId)) throw new RangeError('The deployment id is not a lower-case UUID');
  if (!REQUEST_ID.test(requestId)) throw new RangeError('The request id has characters a pipeline name cannot carry');
  return {
    ref,
    inputs: {
      action: request.direction,
      deployment_id: deploymentId,
      request_id: requestId,
      start_before: startBeforeOf(request),
      // Left out where the template's own default says the same, so that a template of before this input goes on to work.
      ...(request.holdersEnded && { holders_ended: 'true' }),
    },
  };
};

/**
 * Asks for a pipeline, once and within that time (https://docs.gitlab.com/api/pipelines/#create-a-new-pipeline). With inputs only: new
 * namespaces forbid pipeline variables. A refusal is one only if it proves that nothing was made; whatever leaves
 * that open throws `DemoError` PIPELINES_UNAVAILABLE. Reasons are our own words; GitLab's text goes to the log.
 */
export const createPipeline = async (
  { client, ref, log }: { readonly client: GitlabClient; readonly ref: string; readonly log: EventLog },
  request: PipelineRequest,
  sendWithinMs: number,
): Promise<CreateAnswer> => {
  const body = bodyOf(request, ref);
  try {
    const answer = await client.send({ method: 'POST', path: 'pipeline', body, isRepeatable: false, sendWithinMs });
    return answer.status >= 200 && answer.status < 300 ? createdOf(answer) : refusalOf(answer, log);
  } catch (error) {
    const answer = neverMade(error);
    if (answer === null) throw error;
    return answer;
  }
};
