/** GitLab's answers in the shapes its documentation and its own specs show; all values are made up. */

export const DEPLOYMENT = '01936e5a-7b1c-7c3d-9e8f-0a1b2c3d4e5f';
export const OTHER_DEPLOYMENT = '01936e5a-7b1c-7c3d-9e8f-ffffffffffff';
export const SHA = '9f8e7d6c5b4a39281706f5e4d3c2b1a098765432';
/** Past 2^31, as ids are on gitlab.com. */
export const PIPELINE_ID = 12_345_678_901;
export const CREATED_AT = Date.parse('2026-11-20T09:00:00.123Z');

export const pipeline = (changes: Record<string, unknown> = {}) => ({
  id: PIPELINE_ID,
  iid: 412,
  project_id: 61_234_567,
  sha: SHA,
  ref: 'demo-v1',
  status: 'created',
  source: 'api',
  created_at: '2026-11-20T09:00:00.123Z',
  updated_at: '2026-11-20T09:00:00.123Z',
  web_url: `https://gitlab.example.com/acme/eks/-/pipelines/${PIPELINE_ID}`,
  before_sha: '0'.repeat(40),
  tag: true,
  yaml_errors: null,
  started_at: null,
  finished_at: null,
  duration: null,
  detailed_status: { text: 'Created' },
  ...changes,
});

export const named = (name: string | null, changes: Record<string, unknown> = {}) => ({ ...pipeline(changes), name });

export const job = (changes: Record<string, unknown> = {}) => ({
  id: 22_345_678_903,
  status: 'running',
  stage: 'apply',
  name: 'apply',
  allow_failure: false,
  created_at: '2026-11-20T09:00:00.123Z',
  started_at: '2026-11-20T09:01:35.123Z',
  finished_at: null,
  duration: 204.377,
  artifacts: [],
  ...changes,
});

export interface Shape {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const base = (text: string): Shape => ({ status: 400, body: { message: { base: [text] } } });

/** What GitLab refuses a new pipeline with, and what the adapter makes of it. */
export const REFUSALS: readonly (readonly [shape: Shape, reason: string, retryable: boolean])[] = [
  [base('Too many pipelines created in the last minute. Try again later.'), 'creation_limit', true],
  [base('Project exceeded the allowed number of jobs in active pipelines. Retry later.'), 'active_limit', true],
  [base('Active pipelines limit exceeded by 2 pipelines!'), 'active_limit', true],
  [base('Reference not found'), 'ref_not_found', false],
  [base('Missing CI config file'), 'no_ci_file', false],
  [
    base(
      'Pipeline will not run for the selected trigger. The rules configuration prevented any jobs from being added to the pipeline.',
    ),
    'no_jobs',
    false,
  ],
  [base('Insufficient permissions to set pipeline variables'), 'variables_forbidden', false],
  [base('Duplicate variable name: FOO'), 'variables_invalid', false],
  [base('Insufficient permissions to create a new pipeline'), 'role_too_low', false],
  [base("You do not have sufficient permission to run a pipeline on 'demo-v1'."), 'ref_protected', false],
  [
    base('`action` input: `nuke` cannot be used because it is not in the list of allowed options'),
    'inputs_invalid',
    false,
  ],
  [base('`request_id` input: provided value does not match required RegEx pattern'), 'inputs_invalid', false],
  [base('`action` input: required value has not been provided'), 'inputs_invalid', false],
  [base('unknown input arguments: surprise'), 'inputs_invalid', false],
  [
    base('Given inputs not defined in the `spec` section of the included configuration file'),
    'inputs_undefined',
    false,
  ],
  [base('Identity verification is required in order to run CI jobs'), 'identity_unverified', false],
  [base('Credit card required to be on file in order to run CI jobs'), 'identity_unverified', false],
  [base('Something GitLab says since last week'), 'rejected', false],
  [{ status: 400, body: { error: 'ref is missing' } }, 'rejected', false],
  [{ status: 422, body: { message: { base: ['Failed to build the pipeline!'] } } }, 'rejected', false],
  [{ status: 403, body: { message: '403 Forbidden' } }, 'forbidden', false],
  [
    {
      status: 403,
      body: { error: 'insufficient_scope', error_description: 'The request requires higher privileges.', scope: 'api' },
    },
    'insufficient_scope',
    false,
  ],
  [{ status: 404, body: { message: '404 Project Not Found' } }, 'project_not_found', false],
  [
    {
      status: 429,
      body: { message: { error: 'This endpoint has been requested too many times. Try again later.' } },
    },
    'rate_limited',
    true,
  ],
  [
    {
      status: 429,
      body: 'Retry later\n',
      headers: { 'content-type': 'text/plain', 'retry-after': '37', 'ratelimit-limit': '2000' },
    },
    'rate_limited',
    true,
  ],
];

export const UNAUTHORIZED: readonly Shape[] = [
  { status: 401, body: { message: '401 Unauthorized' } },
  { status: 401, body: { error: 'invalid_token', error_description: 'Token is expired.' } },
  { status: 401, body: { error: 'invalid_token', error_description: 'Token was revoked.' } },
];

export const BAD_GATEWAY_PAGE: Shape = {
  status: 502,
  body: '<!DOCTYPE html>\n<html><head><title>GitLab is not responding (502)</title></head></html>\n',
  headers: { 'content-type': 'text/html; charset=utf-8' },
};

/** Answers that leave open whether a pipeline was made. */
export const UNCERTAIN: readonly Shape[] = [
  BAD_GATEWAY_PAGE,
  { status: 503, body: '<html>upstream connect error</html>', headers: { 'content-type': 'text/html' } },
  { status: 500, body: { message: '500 Internal Server Error' } },
  { status: 408, body: 'Request Timeout', headers: { 'content-type': 'text/plain' } },
  { status: 409, body: { message: '409 Conflict' } },
  { status: 403, body: '<html>blocked</html>', headers: { 'content-type': 'text/html' } },
  { status: 404, body: '<html>no such site</html>', headers: { 'content-type': 'text/html' } },
  { status: 429, body: '<html>slow down</html>', headers: { 'content-type': 'text/html' } },
  { status: 400, body: 'Bad Request', headers: { 'content-type': 'text/plain' } },
  { status: 302, body: '', headers: { location: 'https://elsewhere.example.com/' } },
  { status: 201, body: '{"id": 12345, "sha": "9f8e', headers: { 'content-type': 'application/json' } },
  { status: 201, body: '<html>welcome</html>', headers: { 'content-type': 'text/html' } },
  { status: 201, body: { ...pipeline(), id: '12' } },
  { status: 201, body: { ...pipeline(), sha: 'HEAD' } },
];
