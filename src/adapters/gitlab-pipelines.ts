import type { ListedPipeline, ObservedJob, ObservedPipeline } from '../lifecycle/observation.ts';
import type { EventLog, Pipelines } from '../lifecycle/ports.ts';
import type { GitlabClient } from './gitlab-client.ts';
import { createPipeline } from './gitlab-create.ts';
import { unusable } from './gitlab-failure.ts';
import { expectFile, expectJson, saysNotFound } from './gitlab-json.ts';
import { createIsLiveOrigin, liveUrlOf } from './gitlab-live-url.ts';
import { readPages } from './gitlab-pages.ts';
import { jobFields, type PipelineFields, parsePipelineName, pipelineFields } from './gitlab-shapes.ts';
import { createFoldStatus, type FoldStatus, shownWord } from './gitlab-status.ts';

/** A list goes back to the deployment's start and holds every pipeline of the project: 5,000 of them at most. */
const MAX_LIST_PAGES = 50;
/** Our pipelines have a handful of jobs. */
const MAX_JOB_PAGES = 3;
/** `updated_after` is exclusive and GitLab's clock is not ours. */
const LIST_MARGIN_MS = 60_000;
const MAX_OUTPUTS_BYTES = 64_000;

export interface GitlabPipelinesOptions {
  readonly client: GitlabClient;
  /** The protected tag that apply and destroy both run from. */
  readonly ref: string;
  /** Where a live link may lead: exact origins and `https://*.domain.tld`. */
  readonly liveOrigins: readonly string[];
  readonly log: EventLog;
}

const idInPath = (id: number): string => {
  if (!Number.isSafeInteger(id) || id < 1) throw new RangeError('Not an id of GitLab');
  return String(id);
};

const listedOf = (row: PipelineFields, deploymentId: string, fold: FoldStatus): ListedPipeline | null => {
  const name = typeof row.name === 'string' ? parsePipelineName(row.name) : null;
  if (name?.deploymentId !== deploymentId) return null;
  const { direction, requestId } = name;
  const { terminal, running } = fold(row.status);
  return { id: row.id, direction, requestId, terminal, running, sha: row.sha, webUrl: row.webUrl };
};

/** The newest job of each name, in the order they were made; a retried job has a higher id than the first one. */
const observedJobs = (rows: readonly unknown[], fold: FoldStatus): readonly ObservedJob[] => {
  const jobs = rows.map(jobFields).toSorted((a, b) => a.id - b.id);
  const newest = new Map(jobs.map((job) => [job.name, job]));
  return [...newest.values()].map(({ status, ...job }) => ({ ...job, state: fold(status).jobState }));
};

const observedOf = (pipeline: PipelineFields, rows: readonly unknown[], fold: FoldStatus): ObservedPipeline => {
  // The jobs were read later than the pipeline: what was re-opened in between has not ended.
  const isReopened = rows.map(jobFields).some((job) => fold(job.status).active);
  return {
    id: pipeline.id,
    name: pipeline.name ?? '',
    status: shownWord(pipeline.status),
    terminal: fold(pipeline.status).terminal && !isReopened,
    sha: pipeline.sha,
    webUrl: pipeline.webUrl,
    createdAt: pipeline.createdAt,
    startedAt: pipeline.startedAt,
    finishedAt: pipeline.finishedAt,
    jobs: observedJobs(rows, fold),
  };
};

/** Makes the pipelines of one GitLab project. Throws RangeError for a live origin that is none. */
export const createGitlabPipelines = ({ client, ref, liveOrigins, log }: GitlabPipelinesOptions): Pipelines => {
  const isLiveOrigin = createIsLiveOrigin(liveOrigins);
  const fold = createFoldStatus(log);

  return {
    create: (request, sendWithinMs) => createPipeline({ client, ref, log }, request, sendWithinMs),

    async list(deploymentId, since) {
      // Every source: a pipeline that a person started by hand with our inputs carries the same name. By the time of
      // the update, which old servers know too and which a pipeline made later always passes.
      const query = {
        updated_after: new Date(since - LIST_MARGIN_MS).toISOString(),
        order_by: 'id',
        sort: 'desc',
      };
      const rows = await readPages(client, { path: 'pipelines', query, maxPages: MAX_LIST_PAGES });
      const pipelines = rows.map(pipelineFields);
      // Without names the list would seem to prove that nothing of ours is there.
      if (pipelines.some((row) => row.name === undefined)) throw unusable('pipelines: a list without names');
      const byId = new Map(pipelines.map((row) => [row.id, listedOf(row, deploymentId, fold)]));
      return [...byId.values()].filter((row) => row !== null);
    },

    async read(pipelineId) {
      const path = `pipelines/${idInPath(pipelineId)}`;
      const answer = await client.send({ method: 'GET', path, isRepeatable: true });
      if (saysNotFound(answer)) return null;
      const pipeline = pipelineFields(expectJson(answer, path));
      if (pipeline.id !== pipelineId) throw unusable(`${path}: another pipeline`);
      const rows = await readPages(client, { path: `${path}/jobs`, query: {}, maxPages: MAX_JOB_PAGES });
      return observedOf(pipeline, rows, fold);
    },

    async cancel(pipelineId) {
      const path = `pipelines/${idInPath(pipelineId)}/cancel`;
      const answer = await client.send({ method: 'POST', path, isRepeatable: true });
      if (saysNotFound(answer) || (answer.status >= 200 && answer.status < 300)) return;
      throw unusable(`${path}: ${answer.status}`);
    },

    async liveUrl(jobId, deploymentId) {
      const path = `jobs/${idInPath(jobId)}/artifacts/outputs.json`;
      const answer = await client.send({ method: 'GET', path, isRepeatable: true, maxBytes: MAX_OUTPUTS_BYTES });
      return saysNotFound(answer) ? null : liveUrlOf(expectFile(answer, path), deploymentId, isLiveOrigin);
    },
  };
};
