import { type Static, Type } from 'typebox';
import { DirectionSchema, JobStateSchema } from './deployment.ts';
import { Instant, NullableInstant, NullableString } from './fields.ts';

const JobSchema = Type.Object({
  id: Type.Integer({ description: 'For the `job` parameter of the logs' }),
  name: Type.String(),
  state: JobStateSchema,
  started_at: NullableInstant(),
  finished_at: NullableInstant(),
  failure_reason: NullableString({ description: 'GitLab’s own word' }),
});

/** The pipeline as GitLab sees it. Exactly one of created, running, blocked and finished is true. */
export const PipelineSchema = Type.Object({
  status: Type.String({ description: 'GitLab’s own word' }),
  direction: DirectionSchema,
  is_created: Type.Boolean({ description: 'It exists and nothing of it runs yet' }),
  is_running: Type.Boolean(),
  is_success: Type.Boolean(),
  is_failed: Type.Boolean(),
  is_canceled: Type.Boolean(),
  is_blocked: Type.Boolean({ description: 'It waits for somebody' }),
  is_finished: Type.Boolean(),
  created_at: NullableInstant(),
  started_at: NullableInstant(),
  finished_at: NullableInstant(),
  stages: Type.Array(
    Type.Object({
      name: Type.String(),
      state: JobStateSchema,
      started_at: NullableInstant(),
      finished_at: NullableInstant(),
      jobs: Type.Array(JobSchema),
    }),
  ),
  progress: Type.Number({ minimum: 0, maximum: 1 }),
  observed_at: Instant(),
  stale: Type.Boolean({ description: 'GitLab cannot be asked: this is the last known answer' }),
  web_url: NullableString({ description: 'Only if the owner allows it' }),
});

export type PipelineJson = Static<typeof PipelineSchema>;
