import type { Deployment, Instant } from '../../src/lifecycle/deployment.ts';
import { FAILURES, type Notice } from '../../src/lifecycle/notice.ts';
import type { ActiveRecord, PipelineRequest } from '../../src/lifecycle/ports.ts';
import type { Process } from './cloud.ts';
import type { RequestName } from './plan.ts';

export interface Violation {
  readonly at: Instant;
  readonly what: string;
}

/** What a write is meant for: whose record it may touch, and on which version it was decided. */
export interface WriteIntent {
  readonly name: RequestName;
  readonly owner: string | null;
  readonly version: number | null;
  /** For what was seen: the claim under which it was looked at. */
  readonly claim: string | null;
}

/** What must hold at every step. The first thing that does not is kept, and ends the run. */
export interface Invariants {
  readonly violation: Violation | null;
  break(what: string): void;
  /** The record as it stands, for whoever wants to know without asking. */
  readonly held: ActiveRecord | null;
  /** Every id that ever held the lock. */
  readonly holders: ReadonlySet<string>;
  /** A write took effect and this is what stands now. */
  afterWrite(intent: WriteIntent, held: ActiveRecord | null): void;
  /** A task sends a request for a pipeline; answers with which of its sends that is. */
  onSend(request: PipelineRequest): number;
  /** That request arrived. */
  onArrived(request: PipelineRequest, send: number): void;
  /** Something was built. */
  onBuilt(process: Process): void;
  /** The owner is told something. */
  onNotice(notice: Notice): void;
}

export interface InvariantDeps {
  readonly now: () => Instant;
  readonly exists: (deploymentId: string) => boolean;
  /** Whether a pipeline of its may still build something. */
  readonly mayStillBuild: (deploymentId: string, asOf: Instant) => boolean;
  /** Whether GitLab ever denied a pipeline of its that there was; nobody can then know of a double. */
  readonly wasHidden: (deploymentId: string) => boolean;
  /** Whether everything went well for some time while a pipeline of its waited; then a double must have been seen. */
  readonly couldSeeDouble: (deploymentId: string) => boolean;
  readonly isArmed: (deploymentId: string) => boolean;
  /** Whether a dead letter says that it exists without a record. */
  readonly isOrphan: (deploymentId: string) => boolean;
  /** Whether nothing at all has gone wrong since that one was started, nor shortly before. */
  readonly isUndisturbed: (deployment: Deployment) => boolean;
  readonly hasTombstone: (deploymentId: string) => boolean;
}

/** What a record may become with one write that is none of a new or a free lock. */
const wrongChange = (before: Deployment, after: Deployment, { name, version }: WriteIntent): string | null => {
  const isDecision = name === 'decide';
  if (isDecision && before.version !== version) return 'a decision was written over one that it did not know';
  if (after.version !== before.version + (isDecision ? 1 : 0))
    return `${name} made version ${before.version} into ${after.version}`;
  if (before.goal.direction === 'down' && before.goal !== after.goal)
    return 'the goal of one that goes down was changed';
  if (before.applyMayHaveStarted && !after.applyMayHaveStarted)
    return 'it was forgotten that an apply may have started';
  if (before.gone !== null && before.gone !== after.gone) return 'a proof was changed';
  if (before.liveAt !== null && before.liveAt !== after.liveAt) return 'it became live a second time';
  if (before.hardEndAt !== after.hardEndAt || before.createdAt !== after.createdAt) return 'a fixed time was moved';
  if (after.expiresAt !== null && after.expiresAt > (after.maxExpiresAt ?? 0))
    return 'it may live longer than the longest';
  if (after.attempts.filter(({ settled }) => settled === null).length > 1) return 'two attempts are open at once';
  for (const [requestId, reply] of Object.entries(before.replies)) {
    const now = after.replies[requestId];
    const isOther = now?.kind !== 'created' || now.pipelineId !== (reply.kind === 'created' ? reply.pipelineId : 0);
    if (reply.kind === 'created' && now !== undefined && isOther) return 'a recorded pipeline was replaced';
  }
  return null;
};

/** Only what will not be deleted in time is given up before the destroys are. */
const isQuarantinedEarly = (before: ActiveRecord, { deployment, observation }: ActiveRecord): boolean =>
  before.deployment.quarantinedAt === null &&
  deployment.quarantinedAt !== null &&
  deployment.countedDestroys < deployment.policy.maxDestroyAttempts &&
  observation.readings.at(-1)?.answer !== 'deleting';

/** It was given up for a reason that is nobody's wish and no clock's. */
const hasFailed = (before: Deployment, { goal }: Deployment): boolean =>
  before.goal.direction === 'up' && goal.direction === 'down' && FAILURES.has(goal.reason);

/** Makes the invariants of one world. */
export const createInvariants = (deps: InvariantDeps): Invariants => {
  let violation: Violation | null = null;
  let held: ActiveRecord | null = null;
  const holders = new Set<string>();
  const builders = new Map<string, string>();
  const begun = new Set<string>();
  const sent = new Set<string>();
  const claimedAt = new Map<string, Instant>();
  const noticed = new Set<string>();

  const fail = (what: string): void => {
    violation ??= { at: deps.now(), what };
  };

  const onReleased = ({ deployment }: ActiveRecord, intent: WriteIntent): void => {
    const { owner, gone } = deployment;
    if (intent.name !== 'release' || intent.owner !== owner) fail(`${intent.name} freed the lock of another`);
    if (intent.version !== deployment.version) fail('the lock was freed on an old version');
    // One that is undone before anybody looked at it: its id has had its life already.
    const isUndone = deployment.version === 1 && deployment.attempts.length === 0;
    if (gone === null && !isUndone) fail('the lock was freed without a proof');
    if (deps.exists(owner)) fail('the lock is free while something of its deployment exists');
    if (deps.mayStillBuild(owner, gone?.at ?? deps.now()))
      fail('the lock is free while a pipeline of its deployment may still build');
    if (!deps.hasTombstone(owner)) fail('the lock is free and the ledger does not know of its deployment');
  };

  return {
    get violation() {
      return violation;
    },
    get held() {
      return held;
    },
    holders,
    break: fail,

    afterWrite: (intent, after) => {
      const before = held;
      held = after;
      if (before === after) return;
      if (before === null && after !== null) {
        const { owner } = after.deployment;
        if (intent.name !== 'acquire' || (intent.owner ?? owner) !== owner)
          fail(`${intent.name} took the lock for ${owner}`);
        holders.add(owner);
      } else if (before !== null && after === null) onReleased(before, intent);
      else if (before !== null && after !== null) {
        const { owner } = before.deployment;
        if (owner !== after.deployment.owner) fail('the lock went from one deployment to another');
        if (intent.owner !== owner) fail(`${intent.name} for another deployment changed this one`);
        const wrong = wrongChange(before.deployment, after.deployment, intent);
        if (wrong !== null) fail(wrong);
        if (isQuarantinedEarly(before, after)) fail('it is quarantined before enough destroys ran');
        if (hasFailed(before.deployment, after.deployment) && deps.isUndisturbed(before.deployment))
          fail('it failed, and nothing had gone wrong');
        for (const { requestId, sends } of after.deployment.attempts) {
          const key = `${requestId} ${sends}`;
          if (!claimedAt.has(key)) claimedAt.set(key, deps.now());
        }
        if (intent.claim !== null && intent.claim !== before.observation.observedBy) {
          fail('what was seen was stored over a newer look');
        }
      }
    },

    onSend: ({ requestId }) => {
      const send = held?.deployment.attempts.find((attempt) => attempt.requestId === requestId)?.sends ?? 0;
      const key = `${requestId} ${send}`;
      if (send > 0 && sent.has(key)) fail('a pipeline was asked for more often than was written down');
      sent.add(key);
      return send;
    },

    onArrived: ({ deploymentId, requestId, direction }, send) => {
      const deployment = held?.deployment;
      // An orphan that is destroyed beside what runs has a dead letter in place of a record.
      if (direction === 'destroy' && (deployment?.owner !== deploymentId || deps.isOrphan(deploymentId))) return;
      if (deployment?.owner !== deploymentId) fail('an apply was asked for without the lock');
      const attempt = deployment?.attempts.find((candidate) => candidate.requestId === requestId);
      if (attempt === undefined) fail(`a pipeline was asked for (${direction}) before that was written down`);
      else if (send < attempt.sends) fail('a request arrived after it was taken for lost and sent again');
      else if (attempt.settled?.outcome === 'absent') fail('a request arrived after it was proven never to');
      const sinceMs = deps.now() - (claimedAt.get(`${requestId} ${send}`) ?? deps.now());
      const { sendWindowMs, absenceProofMs } = deployment?.policy ?? { sendWindowMs: 0, absenceProofMs: 0 };
      if (sinceMs > sendWindowMs + absenceProofMs) fail('a request arrived when it could be taken for lost');
      if (deployment?.gone) fail('a pipeline was asked for of one that is proven gone');
      if (direction === 'apply' && deps.hasTombstone(deploymentId)) fail('an id gets a second life, and builds in it');
    },

    onBuilt: ({ deploymentId, name }) => {
      // What somebody does by hand is none of ours; it has to be found and removed all the same.
      if (name.endsWith('by hand')) return;
      if (held?.deployment.owner !== deploymentId) fail(`${name} builds, and its deployment does not hold the lock`);
      else if (held.deployment.gone !== null) fail(`${name} builds what is proven gone`);
      if (!deps.isArmed(deploymentId)) fail(`${name} builds, and the second destroyer is not armed`);
      const first = builders.get(deploymentId) ?? name;
      // Judged when it begins: later it is what it is.
      const isNew = !begun.has(name);
      begun.add(name);
      if (first !== name && isNew && deps.couldSeeDouble(deploymentId) && !deps.wasHidden(deploymentId))
        fail(`${first} and ${name} both build the same deployment`);
      builders.set(deploymentId, first);
    },

    onNotice: (notice) => {
      // Of an orphan and of a job that is silent the owner is told again and again.
      if (notice.kind === 'orphan' || notice.kind === 'job_silent') return;
      const told = `${notice.kind} ${notice.deploymentId}`;
      // A press that stood still for a whole life takes the lock for an id that is over, until it is undone.
      const isOver = deps.hasTombstone(notice.deploymentId);
      if (noticed.has(told) && !isOver) fail(`the owner is told twice: ${notice.kind}`);
      if (!holders.has(notice.deploymentId)) fail(`the owner is told of one that never was: ${notice.kind}`);
      noticed.add(told);
    },
  };
};
