import { type Static, Type } from 'typebox';
import { JobStateSchema } from './deployment.ts';
import { Instant, NullableInstant, OneOf } from './fields.ts';

/** `:id` of the replay. Any string is taken, because an unknown id is a 404 and not a 400. */
export const ReplayParams = Type.Object({
  id: Type.String({ description: 'A deployment id (UUID, lower case), or `latest` for the last run that was live' }),
});

export const ReplayHeaders = Type.Object({
  'if-none-match': Type.Optional(Type.String({ description: 'The ETag of the replay you have' })),
});

const Seconds = (description: string) => Type.Number({ minimum: 0, description });

export const ReplaySchema = Type.Object({
  id: Type.String(),
  sample: Type.Boolean({ description: 'True for a made-up run that ships with the project' }),
  created_at: Instant(),
  live_at: Instant(),
  down_at: NullableInstant({ description: 'When its end was decided' }),
  gone_at: NullableInstant({ description: 'When it was proven gone' }),
  total_seconds: Seconds('From `created_at` to the end of what is recorded'),
  stages: Type.Array(
    Type.Object({
      name: Type.String(),
      direction: OneOf(['up', 'down']),
      started_at_seconds: Seconds('After `created_at`, as all of these'),
      finished_at_seconds: Seconds(''),
      state: JobStateSchema,
    }),
  ),
  lines: Type.Array(
    Type.Object({
      at_seconds: Seconds('Worked out from what the log tells of its own times, else spread over its job'),
      stage: Type.String(),
      text: Type.String({ description: 'Masked; colours (SGR) are kept' }),
    }),
    { description: 'A sample, in the order of their times' },
  ),
  lines_total: Type.Integer({ description: 'How many there were before they were sampled' }),
});

export type ReplayJson = Static<typeof ReplaySchema>;
