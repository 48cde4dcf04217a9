import { type Static, Type } from 'typebox';
import { Instant, NullableInstant, NullableInteger, NullableString, OneOf, Reference } from './fields.ts';

const DOWN_REASONS = [
  'visitor',
  'owner',
  'expired',
  'hard_end',
  'nightly',
  'not_started',
  'deploy_failed',
  'deploy_timeout',
  'deploy_unknown',
  'not_live',
  'unhealthy',
  'auto_stop',
  'arm_failed',
  'preflight_failed',
  'adopted_orphan',
] as const;

const WAY_UP_REASONS = [
  'idle',
  'waiting_for_runner',
  'building',
  'checking_link',
  'healthy',
  'link_not_answering',
] as const;

const BLOCKED_REASONS = ['running', 'paused', 'budget', 'preflight', 'nightly_window', 'quota'] as const;

export const JobStateSchema = OneOf(['waiting', 'running', 'succeeded', 'failed', 'canceled', 'skipped', 'manual']);
export const DirectionSchema = OneOf(['apply', 'destroy']);
export const OutcomeSchema = OneOf(['lived', 'failed', 'never_built']);
export const DownReasonSchema = OneOf(DOWN_REASONS);

const StageSchema = Type.Object({
  name: Type.String(),
  direction: DirectionSchema,
  state: JobStateSchema,
  started_at: NullableInstant(),
  finished_at: NullableInstant(),
  expected_seconds: NullableInteger({ description: 'How long it usually takes, from past runs' }),
});

const EtaSchema = Type.Object(
  { earliest: Instant(), likely: Instant(), latest: Instant() },
  {
    description: 'When it is likely to be live, from past runs; null under five of them and when it is not on its way',
  },
);

const ReceiptSchema = Type.Object(
  {
    outcome: OutcomeSchema,
    gone_at: Instant({ description: 'When it was proven gone' }),
    first_empty_at: NullableInstant({ description: 'The first of the two empty inventory readings' }),
    second_empty_at: NullableInstant(),
    cost_usd: Type.Number(),
    destroy_attempts: Type.Integer(),
    sample: Type.Boolean({ description: 'True for a made-up run that ships with the project' }),
  },
  { description: 'What is left of a deployment that is proven gone' },
);

/** The public view: the same for everyone. `can_*` say what the state allows, not what the reader may do. */
export const DeploymentSchema = Type.Object(
  {
    id: NullableString({ description: 'Null while nothing runs' }),
    status: OneOf(['idle', 'queued', 'deploying', 'live', 'destroying', 'quarantined']),
    reason: OneOf([...WAY_UP_REASONS, ...DOWN_REASONS]),
    created_at: NullableInstant(),
    elapsed_seconds: Type.Integer(),
    stages: Type.Array(StageSchema),
    progress: Type.Number({ minimum: 0, maximum: 1 }),
    eta: Type.Union([EtaSchema, Type.Null()]),
    live_url: NullableString({ description: 'Withheld while it does not answer' }),
    live_at: NullableInstant(),
    link_failing_since: NullableInstant(),
    expires_at: NullableInstant(),
    max_expires_at: NullableInstant({ description: 'The latest end that PATCH takes' }),
    expires_in_seconds: NullableInteger(),
    can_deploy: Type.Boolean(),
    can_destroy: Type.Boolean(),
    can_extend: Type.Boolean(),
    blocked_reason: Type.Unsafe<(typeof BLOCKED_REASONS)[number] | null>({
      type: ['string', 'null'],
      enum: [...BLOCKED_REASONS, null],
      description: 'Why a demo cannot be started now',
    }),
    blocked_detail: NullableString({ description: 'More about it for a person, such as the owner’s words' }),
    retry_after_seconds: NullableInteger(),
    cost_so_far_usd: Type.Number(),
    version: Type.Integer({ description: 'Raised by every decision about this deployment' }),
    receipt: Type.Union([ReceiptSchema, Type.Null()]),
  },
  { $id: 'Deployment', description: 'The public view of a deployment' },
);

export type DeploymentJson = Static<typeof DeploymentSchema>;

export const DeploymentReference = Reference<DeploymentJson>('Deployment');
