import type { Attempt, Deployment, Reply } from './deployment.ts';
import { isDemoError } from './errors.ts';
import { lastAttempt, pipelineIdOf } from './facts.ts';
import { haveHoldersEnded } from './holders.ts';
import type { Observation } from './observation.ts';
import type { Clock, DeploymentReader, DeploymentWriter, EventLog, Pipelines } from './ports.ts';

export interface SendDeps {
  readonly store: DeploymentReader & DeploymentWriter;
  readonly pipelines: Pipelines;
  readonly clock: Clock;
  readonly log: EventLog;
}

/** When the intent was about to be stored, by the monotonic clock, and what had been seen by then. */
export interface SendClaim {
  readonly atMonotonicMs: number;
  readonly observation: Observation;
}

/** Sends the request whose intent was just stored, if it is still early enough. */
export type Send = (deployment: Deployment, attempt: Attempt, claim: SendClaim) => Promise<void>;

const warnOfOtherCode = (log: EventLog, deployment: Deployment, attempt: Attempt, sha: string): void => {
  const apply = lastAttempt(deployment, 'apply');
  const reply = apply === null ? undefined : deployment.replies[apply.requestId];
  if (attempt.direction === 'apply' || reply?.kind !== 'created' || reply.sha === sha) return;
  // The destroy goes on all the same: other code is better than none.
  log.event('error', 'pipeline.sha_mismatch', { deploymentId: deployment.owner, applied: reply.sha, destroying: sha });
};

/**
 * Makes the sender. It sends within the send window of its claim (by the monotonic clock, so that a paused process
 * does not) or not at all; it never repeats. No answer is left to the look-up. An answer is recorded on "no
 * pipeline id yet"; whoever made a pipeline and may not record it cancels that pipeline again.
 */
export const createSend = (deps: SendDeps): Send => {
  const isRecorded = async (deployment: Deployment, attempt: Attempt, pipelineId: number): Promise<boolean> => {
    const active = await deps.store.active();
    if (active?.deployment.owner !== deployment.owner) return false;
    return pipelineIdOf(active.deployment, attempt) === pipelineId;
  };

  const record = async (deployment: Deployment, attempt: Attempt, reply: Reply): Promise<void> => {
    if (await deps.store.recordReply(deployment.owner, attempt.requestId, reply)) return;
    if (reply.kind === 'refused' || (await isRecorded(deployment, attempt, reply.pipelineId))) return;
    deps.log.event('warn', 'pipeline.double_cancelled', {
      deploymentId: deployment.owner,
      pipelineId: reply.pipelineId,
    });
    await deps.pipelines.cancel(reply.pipelineId);
  };

  return async (deployment, attempt, claim) => {
    const leftMs = deployment.policy.sendWindowMs - (deps.clock.monotonicMs() - claim.atMonotonicMs);
    if (leftMs < 0) {
      deps.log.event('warn', 'pipeline.not_sent', { deploymentId: deployment.owner, requestId: attempt.requestId });
      return;
    }
    const { requestId, direction, startBefore } = attempt;
    const holdersEnded =
      direction === 'destroy' && haveHoldersEnded(deployment, claim.observation, requestId, deps.clock.now());
    try {
      const request = { direction, deploymentId: deployment.owner, requestId, startBefore, holdersEnded };
      const answer = await deps.pipelines.create(request, leftMs);
      const at = deps.clock.now();
      await record(deployment, attempt, { ...answer, send: attempt.sends, at });
      if (answer.kind === 'created') warnOfOtherCode(deps.log, deployment, attempt, answer.sha);
      else deps.log.event('warn', 'pipeline.refused', { deploymentId: deployment.owner, reason: answer.reason });
    } catch (error) {
      if (!isDemoError(error, 'PIPELINES_UNAVAILABLE')) throw error;
      deps.log.event('warn', 'pipeline.reply_lost', { deploymentId: deployment.owner, requestId });
    }
  };
};
