import { Ajv, type ValidateFunction } from 'ajv';

/**
 * The shapes of GitLab's answers (API 19.x: lib/api/entities, doc/api/openapi), as JSON schemas. They are closed: a
 * field that GitLab does not send is an error, and so is one that it always sends and that is missing.
 */

const STATUS = {
  enum: [
    ...['created', 'waiting_for_resource', 'preparing', 'waiting_for_callback', 'pending', 'running', 'success'],
    ...['failed', 'canceling', 'canceled', 'skipped', 'manual', 'scheduled'],
  ],
};
const INSTANT = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' };
const MAYBE_INSTANT = { anyOf: [INSTANT, { type: 'null' }] };
const TEXT = { type: 'string' };
const MAYBE_TEXT = { type: ['string', 'null'] };
const INTEGER = { type: 'integer' };
const MAYBE_NUMBER = { type: ['number', 'null'] };
const FLAG = { type: 'boolean' };
const NULL = { type: 'null' };
const SHA = { type: 'string', pattern: '^[0-9a-f]{40}$' };
const URL = { type: 'string', pattern: '^https?://' };

type Properties = Readonly<Record<string, unknown>>;

function closed(properties: Properties, optional: Properties = {}): Properties {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties),
    properties: { ...properties, ...optional },
  };
}

const USER_BASIC = {
  id: INTEGER,
  username: TEXT,
  public_email: MAYBE_TEXT,
  name: TEXT,
  state: TEXT,
  locked: FLAG,
  avatar_url: MAYBE_TEXT,
  web_url: URL,
};

const PIPELINE_BASIC = {
  id: INTEGER,
  iid: INTEGER,
  project_id: INTEGER,
  sha: SHA,
  ref: TEXT,
  status: STATUS,
  source: { const: 'api' },
  created_at: INSTANT,
  updated_at: INSTANT,
  web_url: URL,
};

const PIPELINE = {
  ...PIPELINE_BASIC,
  before_sha: SHA,
  tag: FLAG,
  yaml_errors: MAYBE_TEXT,
  user: closed(USER_BASIC),
  started_at: MAYBE_INSTANT,
  finished_at: MAYBE_INSTANT,
  committed_at: MAYBE_INSTANT,
  duration: { type: ['integer', 'null'] },
  queued_duration: MAYBE_NUMBER,
  coverage: MAYBE_TEXT,
  detailed_status: closed({
    icon: TEXT,
    text: TEXT,
    label: TEXT,
    group: TEXT,
    tooltip: TEXT,
    has_details: FLAG,
    details_path: TEXT,
    illustration: NULL,
    favicon: TEXT,
  }),
};

const COMMIT_DATE = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT' };

const COMMIT = closed({
  id: SHA,
  short_id: { type: 'string', pattern: '^[0-9a-f]{8}$' },
  created_at: COMMIT_DATE,
  parent_ids: { type: 'array', items: SHA },
  title: TEXT,
  message: TEXT,
  author_name: TEXT,
  author_email: TEXT,
  authored_date: COMMIT_DATE,
  committer_name: TEXT,
  committer_email: TEXT,
  committed_date: COMMIT_DATE,
  trailers: { type: 'object' },
  extended_trailers: { type: 'object' },
  web_url: URL,
});

const USER = closed({
  ...USER_BASIC,
  created_at: INSTANT,
  bio: TEXT,
  location: TEXT,
  linkedin: TEXT,
  twitter: TEXT,
  discord: TEXT,
  website_url: TEXT,
  github: TEXT,
  job_title: TEXT,
  pronouns: MAYBE_TEXT,
  organization: TEXT,
  bot: FLAG,
  work_information: MAYBE_TEXT,
  local_time: MAYBE_TEXT,
});

const JOB_BASIC = {
  id: INTEGER,
  status: STATUS,
  stage: TEXT,
  name: TEXT,
  ref: TEXT,
  tag: FLAG,
  coverage: MAYBE_NUMBER,
  allow_failure: FLAG,
  created_at: INSTANT,
  started_at: MAYBE_INSTANT,
  finished_at: MAYBE_INSTANT,
  erased_at: MAYBE_INSTANT,
  duration: MAYBE_NUMBER,
  queued_duration: MAYBE_NUMBER,
  user: USER,
  commit: COMMIT,
  pipeline: closed(PIPELINE_BASIC),
  web_url: URL,
  project: closed({ ci_job_token_scope_enabled: FLAG }),
};

const RUNNER = closed({
  id: INTEGER,
  description: TEXT,
  ip_address: MAYBE_TEXT,
  active: FLAG,
  paused: FLAG,
  is_shared: FLAG,
  runner_type: TEXT,
  name: TEXT,
  online: FLAG,
  status: TEXT,
});

const RUNNER_MANAGER = closed({
  id: INTEGER,
  system_id: TEXT,
  version: TEXT,
  revision: TEXT,
  platform: TEXT,
  architecture: TEXT,
  created_at: INSTANT,
  contacted_at: INSTANT,
  ip_address: TEXT,
  status: TEXT,
});

const ARTIFACT = closed({
  file_type: { enum: ['archive', 'metadata', 'trace', 'dotenv'] },
  size: INTEGER,
  filename: TEXT,
  file_format: { enum: ['raw', 'zip', 'gzip', null] },
});

/** GitLab sends `failure_reason` only for failed jobs, and sends it for every one of them. */
const FAILURE = {
  if: { properties: { status: { const: 'failed' } } },
  // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema.
  then: { required: ['failure_reason'] },
  else: { not: { required: ['failure_reason'] } },
};

const JOB = {
  ...closed(
    {
      ...JOB_BASIC,
      artifacts: { type: 'array', items: ARTIFACT },
      runner: { anyOf: [RUNNER, NULL] },
      runner_manager: { anyOf: [RUNNER_MANAGER, NULL] },
      artifacts_expire_at: MAYBE_INSTANT,
      archived: FLAG,
      tag_list: { type: 'array', items: TEXT },
    },
    { failure_reason: TEXT, artifacts_file: closed({ filename: TEXT, size: INTEGER }) },
  ),
  ...FAILURE,
};

const ENVIRONMENT = {
  id: INTEGER,
  name: TEXT,
  slug: { type: 'string', pattern: '^[a-z0-9-]{1,63}$' },
  external_url: MAYBE_TEXT,
  created_at: INSTANT,
  updated_at: INSTANT,
  tier: MAYBE_TEXT,
  state: { enum: ['available', 'stopping', 'stopped'] },
  auto_stop_at: MAYBE_INSTANT,
  auto_stop_setting: { enum: ['always', 'with_action'] },
  kubernetes_namespace: MAYBE_TEXT,
  flux_resource_path: MAYBE_TEXT,
  description: MAYBE_TEXT,
  project: closed({ id: INTEGER, path_with_namespace: TEXT }),
  cluster_agent: NULL,
};

const DEPLOYMENT = closed({
  id: INTEGER,
  iid: INTEGER,
  ref: TEXT,
  sha: SHA,
  created_at: INSTANT,
  updated_at: INSTANT,
  user: closed(USER_BASIC),
  deployable: { ...closed(JOB_BASIC, { failure_reason: TEXT }), ...FAILURE },
  status: TEXT,
});

/** The kinds of error bodies GitLab has; every refusal is exactly one of them. */
const ERROR = {
  oneOf: [
    closed({ message: TEXT }),
    closed({ message: closed({ base: { type: 'array', items: TEXT, minItems: 1 } }) }),
    closed({ message: closed({ error: TEXT }) }),
    closed({ error: TEXT }),
    closed({ error: { const: 'invalid_token' }, error_description: TEXT }),
    closed({ error: { const: 'insufficient_scope' }, error_description: TEXT, scope: TEXT }),
  ],
};

const SCHEMAS = {
  createdPipeline: closed(PIPELINE),
  pipeline: closed({ ...PIPELINE, name: TEXT }),
  pipelineList: { type: 'array', items: closed({ ...PIPELINE_BASIC, name: TEXT }) },
  job: JOB,
  jobBasic: { ...closed(JOB_BASIC, { failure_reason: TEXT }), ...FAILURE },
  jobList: { type: 'array', items: JOB },
  environment: closed(ENVIRONMENT, { last_deployment: { anyOf: [DEPLOYMENT, NULL] } }),
  environmentList: { type: 'array', items: closed(ENVIRONMENT) },
  resourceGroup: closed({ id: INTEGER, key: TEXT, process_mode: TEXT, created_at: INSTANT, updated_at: INSTANT }),
  version: closed({ version: TEXT, revision: TEXT, enterprise: FLAG }),
  token: closed({
    id: INTEGER,
    name: TEXT,
    description: MAYBE_TEXT,
    revoked: FLAG,
    created_at: INSTANT,
    scopes: { type: 'array', items: TEXT },
    user_id: INTEGER,
    last_used_at: MAYBE_INSTANT,
    active: FLAG,
    expires_at: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d$' },
  }),
  error: ERROR,
} as const;

export type ShapeName = keyof typeof SCHEMAS;

const ajv = new Ajv({ allErrors: true, strict: false });
const validators = new Map<string, ValidateFunction>(
  Object.entries(SCHEMAS).map(([name, schema]) => [name, ajv.compile(schema)]),
);

/** What is wrong with a value, compared with one of GitLab's shapes; empty when nothing is. */
export function shapeErrors(name: ShapeName, value: unknown): readonly string[] {
  const validate = validators.get(name);
  if (!validate) throw new Error(`no shape is called ${name}`);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}
