import { decide, LONGEST_WAIT_MS } from './decide.ts';
import { type DecisionStep, fieldsFor, forgottenReplies } from './decisions.ts';
import type { Attempt, Deployment, Instant } from './deployment.ts';
import { isDemoError } from './errors.ts';
import { recordedIdOf } from './facts.ts';
import { createLook, type LookDeps } from './looks.ts';
import { createNet, type NetDeps } from './net.ts';
import { noticeOf } from './notice.ts';
import type { ActiveRecord, DeadLetterStore, DeploymentStore, Notifier, SecondDestroyer } from './ports.ts';
import { createRelease, type ReleaseDeps } from './release.ts';
import { createSend } from './send.ts';
import type { Decided, Step } from './step.ts';

export interface ControllerDeps extends LookDeps, ReleaseDeps, NetDeps {
  readonly store: DeploymentStore;
  readonly secondDestroyer: SecondDestroyer;
  readonly deadLetters: Pick<DeadLetterStore, 'note' | 'remove'>;
  readonly notifier: Notifier;
}

/** How one step went. `lost`: another task was faster. `waiting`: nothing is due before `until`. */
export type Stepped =
  | { readonly kind: 'idle' }
  | { readonly kind: 'waiting'; readonly until: Instant }
  | { readonly kind: 'stepped'; readonly decided: Decided }
  | { readonly kind: 'lost'; readonly decided: Decided };

export interface Worked {
  readonly steps: number;
  /** When to look again; null when nothing runs. */
  readonly until: Instant | null;
}

export interface Controller {
  /** Reads the record and takes at most one step. Throws what the step threw; every step may be repeated. */
  step(): Promise<Stepped>;
  /**
   * Takes steps until nothing is due. Answers when to look again, or null when nothing runs. A failing step is
   * logged and tried again a little later, each time after twice as long, at most a minute; it never throws.
   *
   * @param goesOn asked before each step: whoever is told to leave takes no further one
   */
  advance(goesOn?: () => boolean): Promise<Instant | null>;
  /** As `advance`, for callers that report failures themselves: throws what a step threw, says how many were taken. */
  work(): Promise<Worked>;
  /** Finishes a record that is proven gone. True when the lock is free of it. */
  release(record: ActiveRecord): Promise<boolean>;
}

/** More steps than this in one go would be a loop that does not end; the timer takes it up again. */
const MOST_STEPS = 64;
/** A lost race is tried again at once, but not for ever. */
const MOST_LOSSES = 5;

/** Makes the controller: read, decide, claim, act, record; one step at a time. */
export const createController = (deps: ControllerDeps): Controller => {
  const { store, clock, credentials, log } = deps;
  const look = createLook(deps);
  const send = createSend(deps);
  const release = createRelease(deps);

  /** One conditional write. Answers with the record as it now stands, or null when another write was faster. */
  const write = async (
    record: ActiveRecord,
    step: DecisionStep,
    unlessCreated?: string,
  ): Promise<Deployment | null> => {
    const { deployment, observation } = record;
    const set = fieldsFor(deployment, observation, step, credentials.newId(), clock.now());
    const decision = {
      owner: deployment.owner,
      version: deployment.version,
      writeId: credentials.newId(),
      set,
      forget: forgottenReplies(deployment, step, set),
    };
    const isOurs = await store.decide(unlessCreated === undefined ? decision : { ...decision, unlessCreated });
    if (!isOurs) return null;
    const written = { ...deployment, ...set, version: deployment.version + 1, writeId: decision.writeId };
    const notice = noticeOf(step, { deployment: written, observation });
    if (notice !== null) deps.notifier.notify(notice);
    return written;
  };

  const net = createNet(deps, write);

  const writeAndSend = async (record: ActiveRecord, step: Extract<Step, { do: 'request' | 'resend' }>) => {
    const claim = { atMonotonicMs: clock.monotonicMs(), observation: record.observation };
    const unlessCreated = step.do === 'resend' ? step.requestId : undefined;
    const deployment = await write(record, step, unlessCreated);
    const attempt: Attempt | undefined = deployment?.attempts.at(-1);
    if (deployment === null || attempt === undefined) return false;
    await send(deployment, attempt, claim);
    return true;
  };

  const settle = async (record: ActiveRecord, step: Extract<Step, { do: 'settle' }>): Promise<boolean> => {
    const hasPipeline = recordedIdOf(record.deployment, step.requestId) !== null;
    return (await write(record, step, hasPipeline ? undefined : step.requestId)) !== null;
  };

  const adopt = (record: ActiveRecord, step: Extract<Step, { do: 'adopt' }>): Promise<boolean> => {
    const { requestId, pipelineId, sha, webUrl } = step;
    const send = record.deployment.attempts.find((attempt) => attempt.requestId === requestId)?.sends ?? 1;
    const reply = { kind: 'created', send, pipelineId, sha, webUrl, at: clock.now() } as const;
    return store.recordReply(record.deployment.owner, requestId, reply);
  };

  const quarantine = async (record: ActiveRecord): Promise<boolean> => {
    const { owner } = record.deployment;
    const left = record.observation.readings.at(-1)?.detail ?? [];
    await deps.deadLetters.note({ id: owner, kind: 'quarantine', lastError: left.join(', ') }, clock.now());
    return (await write(record, { do: 'quarantine' })) !== null;
  };

  /** A cancel that GitLab did not hear is asked for again by the ladder. */
  const cancel = async (record: ActiveRecord, step: Extract<Step, { do: 'cancel' }>): Promise<boolean> => {
    if ((await write(record, step)) === null) return false;
    try {
      await deps.pipelines.cancel(step.pipelineId);
    } catch (error) {
      if (!isDemoError(error, 'PIPELINES_UNAVAILABLE')) throw error;
      log.event('warn', 'gitlab.unavailable', { deploymentId: record.deployment.owner, step: step.do });
    }
    return true;
  };

  const carryOut = async (record: ActiveRecord, step: Exclude<Step, { do: 'wait' }>): Promise<boolean> => {
    switch (step.do) {
      case 'arm':
        return net.arm(record);
      case 'preflight':
        return net.preflight(record);
      case 'hasten':
      case 'use-second-destroyer':
        return net.hasten(record, step);
      case 'request':
      case 'resend':
        return writeAndSend(record, step);
      case 'adopt':
        return adopt(record, step);
      case 'settle':
        return settle(record, step);
      case 'cancel':
        return cancel(record, step);
      case 'quarantine':
        return quarantine(record);
      case 'release':
        return release(record);
      case 'disown':
      case 'go-live':
      case 'go-down':
      case 'schedule-destroy':
      case 'prove':
        return (await write(record, step)) !== null;
      default:
        return look(record, step);
    }
  };

  const logStep = (record: ActiveRecord, decided: Decided, isOurs: boolean): void => {
    const isRoutine = ['poll', 'probe', 'look-up', 'read-inventory'].includes(decided.step.do);
    if (isRoutine && isOurs) return;
    log.event('info', isOurs ? 'deployment.step' : 'deployment.lost_race', {
      deploymentId: record.deployment.owner,
      step: decided.step.do,
      because: decided.reason,
    });
  };

  const step = async (): Promise<Stepped> => {
    const record = await store.active();
    if (record === null) return { kind: 'idle' };
    const { deployment, observation } = record;
    const decided = decide(deployment, observation, deployment.policy, clock.now());
    if (decided.step.do === 'wait') return { kind: 'waiting', until: decided.step.until };
    const isOurs = await carryOut(record, decided.step);
    logStep(record, decided, isOurs);
    return { kind: isOurs ? 'stepped' : 'lost', decided };
  };

  const work = async (goesOn: () => boolean = () => true): Promise<Worked> => {
    let losses = 0;
    let steps = 0;
    for (let tries = 0; tries < MOST_STEPS && losses < MOST_LOSSES && goesOn(); tries += 1) {
      const stepped = await step();
      if (stepped.kind === 'idle') return { steps, until: null };
      if (stepped.kind === 'waiting') return { steps, until: stepped.until };
      losses = stepped.kind === 'lost' ? losses + 1 : 0;
      steps += stepped.kind === 'stepped' ? 1 : 0;
    }
    return { steps, until: clock.now() + RETRY_MS };
  };

  let failures = 0;
  const advance = async (goesOn?: () => boolean): Promise<Instant | null> => {
    try {
      const { until } = await work(goesOn);
      failures = 0;
      return until;
    } catch (error) {
      log.event('error', 'deployment.step_failed', { error });
      // What keeps failing must neither be hammered nor fill the log.
      const waitMs = Math.min(RETRY_MS * 2 ** failures, LONGEST_WAIT_MS);
      failures += 1;
      return clock.now() + waitMs;
    }
  };

  return { step, advance, work, release };
};

/** After the first failed step, or when too many races were lost in a row. */
const RETRY_MS = 1_000;
