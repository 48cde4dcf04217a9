import { type Static, Type } from 'typebox';
import { Instant, NullableInstant, NullableInteger, OneOf } from './fields.ts';

const CheckSchema = Type.Object({
  name: Type.String(),
  state: OneOf(['ok', 'failing', 'unknown']),
  critical: Type.Boolean(),
  latency_ms: NullableInteger(),
  last_success_at: NullableInstant(),
  detail: Type.Optional(Type.String({ description: 'With the owner’s token only' })),
});

const JobSchema = Type.Object({
  name: Type.String(),
  last_run_at: NullableInstant({ description: 'By this process' }),
  last_result: Type.Unsafe<'ok' | 'failed' | null>({ type: ['string', 'null'], enum: ['ok', 'failed', null] }),
  next_run_at: NullableInstant(),
  last_completed_slot: NullableInstant({ description: 'By whichever task' }),
  silent: Type.Boolean({ description: 'It should have completed a later slot by now' }),
});

const DeadLetterSchema = Type.Object({
  id: Type.String(),
  kind: OneOf(['quarantine', 'orphan', 'job']),
  attempts: Type.Integer(),
  last_error: Type.String(),
  first_at: Instant(),
  last_at: Instant(),
});

export const HealthSchema = Type.Object({
  status: OneOf(['ok', 'degraded']),
  version: Type.String(),
  uptime_seconds: Type.Integer(),
  checks: Type.Array(CheckSchema),
  jobs: Type.Array(JobSchema),
  dead_letters: NullableInteger({ description: 'How many; null while it is not known' }),
  overdue_deployments: NullableInteger(),
  dead_letter_details: Type.Optional(
    Type.Array(DeadLetterSchema, { description: 'With the owner’s token only; at most 50' }),
  ),
});

export type HealthJson = Static<typeof HealthSchema>;

export const LivenessSchema = Type.Object({ status: OneOf(['ok']) });
export const ReadinessSchema = Type.Object({ status: OneOf(['ready', 'not_ready']) });
