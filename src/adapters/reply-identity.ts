import type { Reply } from '../lifecycle/deployment.ts';

/**
 * True when the stored reply already says what the new one says: that this very pipeline was made for the request.
 * Who recorded it, and when, does not matter. Whoever is told that a record was refused cancels the pipeline, so the
 * pipeline that stands on the record must never be reported as refused. A refusal needs no such test, since a newer
 * answer may overwrite it.
 */
export const recordsSamePipeline = (stored: Reply | undefined, reply: Reply): boolean =>
  stored?.kind === 'created' && reply.kind === 'created' && stored.pipelineId === reply.pipelineId;
