import type { Direction, Instant } from '../lifecycle/deployment.ts';
import { isDeploymentId } from '../lifecycle/deployment.ts';
import { unusable } from './gitlab-failure.ts';
import { type Fields, isFields } from './json-fields.ts';

/**
 * What we read of GitLab's answers. The fields we use are checked, all others may be anything. Every function throws
 * `DemoError` PIPELINES_UNAVAILABLE for a value that is not what it should be.
 */

const ISO_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const MAX_TEXT_CHARS = 255;
const MAX_URL_CHARS = 500;

const fieldsOf = (value: unknown, what: string): Fields => {
  if (!isFields(value)) throw unusable(`${what} is not an object`);
  return value;
};

const idOf = (value: unknown, what: string): number => {
  // Ids are past 2^31 on gitlab.com; past 2^53 they could not be told apart.
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) throw unusable(`${what} is not an id`);
  return value;
};

const wordOf = (value: unknown, what: string): string => {
  if (typeof value !== 'string' || value === '') throw unusable(`${what} is not a text`);
  return value.slice(0, MAX_TEXT_CHARS);
};

const shaOf = (value: unknown, what: string): string => {
  if (typeof value !== 'string' || !COMMIT.test(value)) throw unusable(`${what} is not a commit`);
  return value;
};

const instantOf = (value: unknown, what: string): Instant | null => {
  if (value === null || value === undefined) return null;
  const at = typeof value === 'string' && ISO_INSTANT.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) throw unusable(`${what} is not an instant`);
  return at;
};

/** Only for showing, so a strange one is left out rather than losing the answer it came with. */
const webUrlOf = (value: unknown): string => {
  const url = typeof value === 'string' && value.length <= MAX_URL_CHARS ? URL.parse(value) : null;
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  return isPlain ? url.href : '';
};

export interface PipelineFields {
  readonly id: number;
  readonly status: string;
  readonly sha: string;
  readonly webUrl: string;
  readonly createdAt: Instant | null;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  /** Null for a pipeline without a name; undefined when the answer says nothing about names. */
  readonly name: string | null | undefined;
}

/** A pipeline, from a list, by its id, or as the answer to its creation (which has no name). */
export const pipelineFields = (value: unknown): PipelineFields => {
  const fields = fieldsOf(value, 'pipeline');
  const { name } = fields;
  if (name !== undefined && name !== null && typeof name !== 'string') throw unusable('pipeline name is not a text');
  return {
    id: idOf(fields.id, 'pipeline id'),
    status: wordOf(fields.status, 'pipeline status'),
    sha: shaOf(fields.sha, 'pipeline sha'),
    webUrl: webUrlOf(fields.web_url),
    createdAt: instantOf(fields.created_at, 'pipeline created_at'),
    startedAt: instantOf(fields.started_at, 'pipeline started_at'),
    finishedAt: instantOf(fields.finished_at, 'pipeline finished_at'),
    name: typeof name === 'string' ? name.slice(0, MAX_TEXT_CHARS) : name,
  };
};

export interface JobFields {
  readonly id: number;
  readonly name: string;
  readonly stage: string;
  readonly status: string;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly failureReason: string | null;
}

/** A job from the list of a pipeline's jobs. `failure_reason` is there only for a failed one. */
export const jobFields = (value: unknown): JobFields => {
  const fields = fieldsOf(value, 'job');
  const reason = fields.failure_reason;
  return {
    id: idOf(fields.id, 'job id'),
    name: wordOf(fields.name, 'job name'),
    stage: wordOf(fields.stage, 'job stage'),
    status: wordOf(fields.status, 'job status'),
    startedAt: instantOf(fields.started_at, 'job started_at'),
    finishedAt: instantOf(fields.finished_at, 'job finished_at'),
    failureReason: typeof reason === 'string' && /^[a-z_]{1,64}$/.test(reason) ? reason : null,
  };
};

const PIPELINE_NAME = /^demo (apply|destroy) ([0-9a-f-]{36}) ([a-z0-9-]{1,64})$/;

/** What `workflow:name` tells about a pipeline of ours; null for any other name. */
export const parsePipelineName = (
  name: string,
): { readonly direction: Direction; readonly deploymentId: string; readonly requestId: string } | null => {
  const [, direction, deploymentId, requestId] = PIPELINE_NAME.exec(name) ?? [];
  if (!isDeploymentId(deploymentId) || requestId === undefined) return null;
  return { direction: direction === 'apply' ? 'apply' : 'destroy', deploymentId, requestId };
};
