/** Where in the simulator a fault takes effect. */
export type FaultPlace =
  | 'request'
  | 'create'
  | 'pipeline'
  | 'job'
  | 'view'
  | 'trace'
  | 'artifact'
  | 'inventory'
  | 'schedule'
  | 'site';

export interface FaultDefinition {
  readonly place: FaultPlace;
  readonly does: string;
}

/**
 * Every fault the simulator can play. Each takes `times` (how often; forever when left out) and, where they make
 * sense, the filters `deployment_id`, `action`, `job`, `pipeline_id`, `method` and `path_contains`. Seconds of pipelines
 * and jobs are simulated ones. What only changes how things are shown for a while (`clock-skew`, `stale-status`,
 * `token-expiring`, `trace-classic`) lasts until it is removed.
 *
 * To add a fault: a row here, the place where it acts asks the store for it, a row in docs/faults.md, a scenario in
 * test/local/gitlab-simulator/faults.test.ts and a case in test/faults/cases.
 */
export const FAULTS = {
  'connection-reset': { place: 'request', does: 'closes the connection without an answer' },
  hang: { place: 'request', does: 'never answers' },
  slow: { place: 'request', does: 'answers after `delay_ms` (wall clock, at most 60,000)' },
  unauthorized: { place: 'request', does: '401; `kind`: plain, expired or revoked' },
  forbidden: { place: 'request', does: '403 insufficient_scope' },
  'rate-limited': { place: 'request', does: '429; `kind`: text (with Retry-After `retry_after_seconds`) or json' },
  'server-error-html': { place: 'request', does: '`status` 502 or 503 with an HTML page' },
  'server-error-json': { place: 'request', does: '500 with JSON' },
  'truncated-json': { place: 'request', does: 'cuts a JSON answer in half' },
  'not-found': { place: 'request', does: '404 for pipelines that exist, as if they had been deleted' },
  'create-lost-request': { place: 'create', does: 'resets the connection before anything was created' },
  'create-lost-reply': {
    place: 'create',
    does: 'creates the pipeline, `commit_after_seconds` later if given, and resets the connection',
  },
  'create-hang': { place: 'create', does: 'never answers; creates the pipeline if `commit` is true' },
  'create-limit': { place: 'create', does: '400 with the text of the pipeline creation limit' },
  'create-rejected': { place: 'create', does: '400 with `reason`' },
  'create-twice': { place: 'create', does: 'creates two pipelines and answers with the second' },
  'sha-moved': { place: 'create', does: 'the ref points to another commit' },
  'stuck-pipeline': { place: 'create', does: 'no runner takes the first job, for `for_seconds` or for ever' },
  'auto-cancelled': {
    place: 'pipeline',
    does: 'a newer commit cancels the pipeline `after_seconds` (0.5) after it was made, unless a job of it has started',
  },
  'pipeline-reopened': {
    place: 'pipeline',
    does: 'somebody runs `job` (verify) again `after_seconds` (5) after it ended',
  },
  'apply-retried': { place: 'pipeline', does: 'somebody runs the apply again `after_seconds` (5) after it ended' },
  'auto-stop': {
    place: 'pipeline',
    does: 'GitLab starts the stop job `after_seconds` (60) after the apply ended well',
  },
  'late-start': {
    place: 'pipeline',
    does: 'a runner takes the apply `late_seconds` (0.5) after its `start_before`, so that it builds nothing',
  },
  'resource-group-stuck': {
    place: 'pipeline',
    does: 'the apply or destroy waits for the resource group for ever, whoever holds it',
  },
  'apply-fails': { place: 'job', does: 'apply fails after `after_resources` resources, or while the nodes are made' },
  'verify-fails': { place: 'job', does: 'the application answers, the verify job says it does not' },
  'destroy-fails': { place: 'job', does: 'destroy ends in a DependencyViolation and leaves what EKS made for itself' },
  leftovers: { place: 'job', does: 'destroys end well but leave what the state does not know; `survive`: how many' },
  'state-locked': { place: 'job', does: 'Terraform cannot get its state lock' },
  'runner-lost': { place: 'job', does: 'the job dies `after_seconds` in with `failure_reason`' },
  'created-not-in-state': {
    place: 'job',
    does: 'the runner of the apply is killed `after_seconds` (30) in: what was being made exists, and no state knows it',
  },
  'stale-lock': {
    place: 'job',
    does: 'the runner of an apply or destroy dies `after_seconds` (5) in and leaves its state lock, which a destroy breaks when it is `stale_after_seconds` (375) old, or when it is told that nobody holds it',
  },
  'resource-reappears': {
    place: 'job',
    does: 'an interface of the cluster shows up again `after_seconds` (60) after a destroy that ended well',
  },
  'job-hangs': { place: 'job', does: 'the job stops moving `after_seconds` in and times out `for_seconds` later' },
  'quota-exceeded': { place: 'job', does: 'the job fails before it starts: no compute minutes' },
  'cancel-hangs': { place: 'job', does: 'a cancelled job stays `canceling` for `for_seconds`, or for ever' },
  'unknown-status': { place: 'view', does: 'pipelines and jobs that are not finished show `status`' },
  'stale-status': { place: 'view', does: 'a replica lags: pipelines and jobs show what they were `seconds` (60) ago' },
  'clock-skew': { place: 'view', does: "GitLab's clock is `seconds` ahead" },
  'token-expiring': { place: 'view', does: 'the token expires in `days`' },
  'trace-ignores-ranges': { place: 'trace', does: 'an old server: byte_offset and byte_limit do nothing' },
  'trace-classic': { place: 'trace', does: 'a runner without timestamps' },
  'artifact-missing': { place: 'artifact', does: '404 for outputs.json' },
  'artifact-redirect': { place: 'artifact', does: '302 to another origin, which refuses credentials' },
  'artifact-malformed': { place: 'artifact', does: 'outputs.json is not JSON' },
  'artifact-foreign-url': { place: 'artifact', does: 'outputs.json carries `url`' },
  'inventory-partial': { place: 'inventory', does: 'the inventory answers with half of it and says so' },
  'inventory-error': { place: 'inventory', does: 'the inventory answers 500' },
  'schedules-error': { place: 'schedule', does: 'schedules cannot be read or written' },
  'second-destroyer-fails': { place: 'schedule', does: 'the second destroyer starts and destroys nothing' },
  'live-url-down': { place: 'site', does: 'the demo answers 503' },
  'live-url-holding': { place: 'site', does: 'the demo never gets beyond its holding page' },
  'live-url-redirect': { place: 'site', does: 'the demo redirects to `url`' },
  'live-url-foreign': { place: 'site', does: "the demo shows another deployment's id" },
} as const satisfies Record<string, FaultDefinition>;

export type FaultName = keyof typeof FAULTS;

/** Whether there is a fault of that name. */
export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}
