import { isDemoError } from './errors.ts';
import { lastAttempt, pipelineIdOf } from './facts.ts';
import type { Observation } from './observation.ts';
import type {
  ActiveRecord,
  Clock,
  Credentials,
  DeploymentWriter,
  EventLog,
  Inventory,
  LiveProbe,
  LogCollector,
  Pipelines,
} from './ports.ts';
import { gitlabFailed, sawInventory, sawList, sawOutputs, sawPipeline, sawProbe } from './seen.ts';
import { startedJobs } from './started-jobs.ts';
import type { Step } from './step.ts';
import { strangersToCancel } from './strangers.ts';

/** Steps that only look. They are claimed on the latest look and never raise `version`. */
export type LookStep = Extract<
  Step,
  { do: 'look-up' | 'cancel-strangers' | 'poll' | 'read-live-url' | 'probe' | 'read-inventory' }
>;

export interface LookDeps {
  readonly store: DeploymentWriter;
  readonly pipelines: Pipelines;
  readonly probe: LiveProbe;
  readonly inventory: Inventory;
  readonly credentials: Pick<Credentials, 'newId'>;
  /** Told by the winner of each look, so that one task at a time reads the logs. */
  readonly collectLogs: LogCollector['collect'];
  readonly clock: Clock;
  readonly log: EventLog;
}

/** Pipelines are listed from a little before the deployment was made: GitLab's clock is not ours. */
const LIST_MARGIN_MS = 10 * 60_000;
/** So many strangers are cancelled in one step, and in so long; more follow in the next. */
const STRANGERS_PER_STEP = 10;
const CANCELLING_MS = 5_000;

/** What a look that failed was to ask GitLab for. */
const ASKED_FOR: Readonly<Partial<Record<LookStep['do'], 'list' | 'strangers'>>> = {
  'look-up': 'list',
  'cancel-strangers': 'strangers',
};

/** Takes one look: claims it, asks, stores what was seen. False when another task was faster, which is benign. */
export type Look = (record: ActiveRecord, step: LookStep) => Promise<boolean>;

/**
 * Makes the looker. One task looks at a time: the claim is on the previous look's id, and a result is stored only
 * while the claim still stands, so a task that was paused for an hour stores nothing.
 */
export const createLook = (deps: LookDeps): Look => {
  const list = (record: ActiveRecord) =>
    deps.pipelines.list(record.deployment.owner, record.deployment.createdAt - LIST_MARGIN_MS);

  const readInventory = async (record: ActiveRecord, claimed: Observation): Promise<Observation> => {
    const { deployment } = record;
    let seen = claimed;
    let pipelinesQuiet = false;
    try {
      const pipelines = await list(record);
      seen = sawList(claimed, deployment, pipelines);
      pipelinesQuiet = pipelines.every((pipeline) => pipeline.terminal);
    } catch (error) {
      if (!isDemoError(error, 'PIPELINES_UNAVAILABLE')) throw error;
      seen = gitlabFailed(claimed, 'list', deps.clock.now());
    }
    const answer = await deps.inventory.read(deployment.owner);
    return sawInventory(seen, deployment, { ...answer, pipelinesQuiet });
  };

  /** One that cannot be cancelled must not keep the others, or the polls, from their turn. */
  const cancelOne = async (id: number): Promise<void> => {
    try {
      await deps.pipelines.cancel(id);
    } catch (error) {
      if (!isDemoError(error, 'PIPELINES_UNAVAILABLE')) throw error;
      deps.log.event('warn', 'gitlab.unavailable', { step: 'cancel-strangers', pipelineId: id });
    }
  };

  /** Listed anew first: what is asked for is to end what goes on now, not what went on when it was last listed. */
  const cancelStrangers = async (record: ActiveRecord, claimed: Observation): Promise<Observation> => {
    const { deployment } = record;
    const startedAtMs = deps.clock.monotonicMs();
    const before = await list(record);
    const strangers = strangersToCancel(deployment, { at: claimed.observedAt, pipelines: before });
    for (const id of strangers.slice(0, STRANGERS_PER_STEP)) {
      if (deps.clock.monotonicMs() - startedAtMs > CANCELLING_MS) break;
      deps.log.event('warn', 'pipeline.stranger_cancelled', { deploymentId: deployment.owner, pipelineId: id });
      await cancelOne(id);
    }
    const pipelines = strangers.length === 0 ? before : await list(record);
    return { ...sawList(claimed, deployment, pipelines), strangersCancelledAt: deps.clock.now() };
  };

  const readLiveUrl = async (record: ActiveRecord, claimed: Observation, jobId: number): Promise<Observation> => {
    try {
      return sawOutputs(claimed, await deps.pipelines.liveUrl(jobId, record.deployment.owner), null);
    } catch (error) {
      if (!isDemoError(error, 'OUTPUTS_INVALID')) throw error;
      deps.log.event('error', 'deployment.link_refused', { deploymentId: record.deployment.owner });
      return sawOutputs(claimed, null, 'not_allowed');
    }
  };

  const poll = async (record: ActiveRecord, claimed: Observation, pipelineId: number): Promise<Observation> => {
    const apply = lastAttempt(record.deployment, 'apply');
    const isApply = apply !== null && pipelineIdOf(record.deployment, apply) === pipelineId;
    const pipeline = await deps.pipelines.read(pipelineId);
    return sawPipeline(claimed, pipelineId, isApply ? 'apply' : 'destroy', pipeline);
  };

  const see = async (record: ActiveRecord, step: LookStep, claimed: Observation): Promise<Observation> => {
    switch (step.do) {
      case 'look-up':
        return sawList(claimed, record.deployment, await list(record));
      case 'cancel-strangers':
        return cancelStrangers(record, claimed);
      case 'poll':
        return poll(record, claimed, step.pipelineId);
      case 'read-live-url':
        return readLiveUrl(record, claimed, step.jobId);
      case 'probe':
        return sawProbe(claimed, await deps.probe.probe(step.url, record.deployment.owner));
      case 'read-inventory':
        return readInventory(record, claimed);
    }
  };

  const seeOrFail = async (record: ActiveRecord, step: LookStep, claimed: Observation): Promise<Observation> => {
    try {
      return await see(record, step, claimed);
    } catch (error) {
      if (!isDemoError(error, 'PIPELINES_UNAVAILABLE')) throw error;
      deps.log.event('warn', 'gitlab.unavailable', { deploymentId: record.deployment.owner, step: step.do });
      return gitlabFailed(claimed, ASKED_FOR[step.do] ?? 'other', deps.clock.now());
    }
  };

  return async (record, step) => {
    const { owner } = record.deployment;
    const previous = record.observation;
    // Never earlier than the look before it, whatever this task's clock says.
    const claim = { observedAt: Math.max(deps.clock.now(), previous.observedAt), observedBy: deps.credentials.newId() };
    const isOurs = await deps.store.claimLook({ owner, previousBy: previous.observedBy, ...claim });
    if (!isOurs) return false;
    const seen = await seeOrFail(record, step, { ...previous, ...claim });
    const isStored = await deps.store.storeLook(owner, { ...seen, lookEndedAt: claim.observedAt });
    if (isStored) deps.collectLogs(owner, startedJobs(seen));
    return isStored;
  };
};
