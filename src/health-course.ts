import type { DownReason, Instant } from './lifecycle/deployment.ts';
import { lastAttempt, replyOf } from './lifecycle/facts.ts';
import type { ActiveRecord } from './lifecycle/ports.ts';
import { latestReading } from './lifecycle/proof.ts';
import { shownLiveUrl } from './lifecycle/status.ts';
import type { Tombstone } from './lifecycle/tombstone.ts';

/**
 * What the course of the demos says about what no dependency can be asked: a GitLab that answers every question may
 * still refuse to run anything, and a runner that is missing shows only when somebody needs it. Each answers with what
 * is wrong, for the owner, or with null. Each is a pure reading of stored facts, so every task says the same.
 */

/**
 * Ends in which something that nobody can be asked about did not work. A start that was given up because a check
 * failed is not among them: that check says by itself when it is over.
 */
const NOT_BUILT: ReadonlySet<DownReason> = new Set<DownReason>([
  'not_started',
  'deploy_failed',
  'deploy_timeout',
  'deploy_unknown',
  'not_live',
]);

const instant = (at: Instant): string => new Date(at).toISOString();

const refusalOf = ({ deployment }: ActiveRecord, direction: 'apply' | 'destroy'): string | null => {
  const attempt = lastAttempt(deployment, direction);
  const reply = attempt === null ? null : replyOf(deployment, attempt);
  return reply?.kind === 'refused' ? reply.reason : null;
};

const failureOf = (createdAt: Instant, reason: DownReason): string =>
  `The demo of ${instant(createdAt)} did not come to live: ${reason}. This ends with the next one that does.`;

/** How the running demo's start goes; undefined while that is open, or was ended before it could show. */
const runningStart = (record: ActiveRecord): string | null | undefined => {
  const { goal, liveAt, createdAt } = record.deployment;
  if (liveAt !== null) return null;
  if (goal.direction === 'down') return NOT_BUILT.has(goal.reason) ? failureOf(createdAt, goal.reason) : undefined;
  const refusal = refusalOf(record, 'apply');
  return refusal === null ? undefined : `GitLab refuses to run an apply: ${refusal}`;
};

/**
 * Whether the latest demo that was not ended before came to live. It stays so until the next one does, since nothing
 * else can tell that building works again.
 *
 * @param ended newest first
 */
export const startTrouble = (record: ActiveRecord | null, ended: readonly Tombstone[]): string | null => {
  const running = record === null ? undefined : runningStart(record);
  if (running !== undefined) return running;
  const told = ended.find(({ sample, liveAt, reason }) => !sample && (liveAt !== null || NOT_BUILT.has(reason)));
  return told === undefined || told.liveAt !== null ? null : failureOf(told.createdAt, told.reason);
};

/** Whether the running demo does not answer although it was live. */
export const linkTrouble = (record: ActiveRecord | null): string | null => {
  if (record === null || record.deployment.goal.direction === 'down' || record.deployment.liveAt === null) return null;
  if (shownLiveUrl(record) !== null) return null;
  return `The demo has not answered since ${instant(record.observation.probe?.failingSince ?? 0)}.`;
};

/** Whether taking the running demo down does not go as it should; another attempt follows by itself. */
export const teardownTrouble = (record: ActiveRecord | null): string | null => {
  if (record === null || record.deployment.goal.direction === 'up' || record.deployment.gone !== null) return null;
  const { deployment, observation } = record;
  if (deployment.quarantinedAt !== null) return `It is quarantined since ${instant(deployment.quarantinedAt)}.`;
  const ended = deployment.attempts.findLast(({ direction, settled }) => direction === 'destroy' && settled !== null);
  const outcome = ended?.settled?.outcome ?? 'succeeded';
  if (outcome !== 'succeeded') return `The latest destroy that ended did so like this: ${outcome}.`;
  const refusal = refusalOf(record, 'destroy');
  if (refusal !== null) return `GitLab refuses to run a destroy: ${refusal}`;
  const reading = latestReading(deployment, observation.readings);
  if (ended !== undefined && reading?.answer === 'leftovers')
    return `A destroy left this: ${reading.detail.join(', ')}`;
  return deployment.hastenedAt === null ? null : 'It takes too long; the second destroyer was told to run.';
};

/** A look that is older says nothing about now; while anything is built or taken down they are never so far apart. */
const RECENT_LOOK_MS = 2 * 60_000;

/** Whether the latest looks at GitLab had no usable answer, whatever it answers to a simple question. */
export const lookTrouble = (record: ActiveRecord | null, now: Instant): string | null => {
  const { gitlabFailingSince = null, observedAt = 0 } = record?.observation ?? {};
  if (gitlabFailingSince === null || now - observedAt > RECENT_LOOK_MS) return null;
  return `The running pipeline cannot be read since ${instant(gitlabFailingSince)}.`;
};

/** Whether what is left of it could not be told when it was last looked for. Then nothing is ever called gone. */
export const readingTrouble = (record: ActiveRecord | null): string | null => {
  const reading = record?.deployment.gone === null ? record.observation.readings.at(-1) : undefined;
  return reading?.answer === 'unknown' ? `What is left could not be read: ${reading.detail.join(', ')}` : null;
};

/**
 * Whether the sweep does not show the live demo, which certainly exists: then it is of another account or region, or of a
 * part of it, and finds no orphan either.
 *
 * @param existing the ids that the sweep found; the record was read after it
 */
export const sweepTrouble = (record: ActiveRecord | null, existing: readonly string[]): string | null => {
  if (record === null || shownLiveUrl(record) === null || existing.includes(record.deployment.owner)) return null;
  return 'The live demo is not in the inventory: it looks at another account or region, or cannot see all of it.';
};
