import { type Static, Type } from 'typebox';
import { Instant, NullableString } from './fields.ts';

/** 16 KB are taken, so a number with many digits must be refused by its value: a year is more than any policy. */
const MOST_MINUTES = 527_040;

export const StartBody = Type.Object(
  {
    duration_minutes: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MOST_MINUTES, description: 'How long it stays live; default: the policy’s' }),
    ),
  },
  { additionalProperties: false },
);

export type StartBodyJson = Static<typeof StartBody>;

export const StartHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      pattern: '^[\\x20-\\x7e]*$',
      description: 'The same key and body again within 24 h answer with the same 201 and start nothing',
    }),
  ),
});

/** What never changes about a start, so that a replay can answer with the same. Links are relative to this API. */
export const StartedSchema = Type.Object({
  id: Type.String(),
  created_at: Instant(),
  links: Type.Object({ self: Type.String(), pipeline: Type.String(), logs: Type.String(), page: Type.String() }),
  control_token: NullableString({
    description:
      'Bearer token for PATCH and DELETE of this deployment; null only on a repeated answer whose signing key is lost',
  }),
});

export type StartedJson = Static<typeof StartedSchema>;
