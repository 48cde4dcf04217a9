import { type Static, Type } from 'typebox';
import { DownReasonSchema, OutcomeSchema } from './deployment.ts';
import { Instant, NullableInstant, NullableInteger, NullableString, OneOf } from './fields.ts';

export const LedgerQuery = Type.Object({
  // A parameter is text; a pattern takes exactly what a number from 1 to 50 looks like and coerces nothing.
  limit: Type.Optional(Type.String({ pattern: '^([1-9]|[1-4][0-9]|50)$', description: '1 to 50, default 20' })),
  cursor: Type.Optional(Type.String({ maxLength: 128, description: 'The `next_cursor` of the page before' })),
});

const EntrySchema = Type.Object({
  id: Type.String(),
  created_at: Instant(),
  live_at: NullableInstant(),
  down_at: Instant({ description: 'When its end was decided' }),
  gone_at: Instant({ description: 'When it was proven gone' }),
  deploy_seconds: NullableInteger({ description: 'From the click to live; null if it never lived' }),
  live_seconds: NullableInteger(),
  destroy_seconds: Type.Integer({ description: 'From the decision to the proof' }),
  total_seconds: Type.Integer(),
  outcome: OutcomeSchema,
  reason: DownReasonSchema,
  cost_usd: Type.Number(),
  destroy_attempts: Type.Integer(),
  sample: Type.Boolean({ description: 'True for a made-up run that ships with the project' }),
  has_replay: Type.Boolean({ description: 'True for the run that can be watched again at its `/replay`' }),
  proof: Type.Object({
    kind: OneOf(['never_built', 'two_empty_readings']),
    first_empty_at: NullableInstant(),
    second_empty_at: NullableInstant(),
  }),
});

export const LedgerSchema = Type.Object({
  entries: Type.Array(EntrySchema, { description: 'Newest first' }),
  next_cursor: NullableString({ description: 'Null at the end' }),
});

export type LedgerEntryJson = Static<typeof EntrySchema>;
export type LedgerJson = Static<typeof LedgerSchema>;
