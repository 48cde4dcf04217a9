import type { Cloud, Process } from './cloud.ts';
import type { Events } from './events.ts';
import type { Behaviour } from './plan.ts';

const MINUTE_MS = 60_000;
/** How long a process waits for the lock of its state, and how often it tries. */
const LOCK_WAIT_MS = 10 * MINUTE_MS;
const LOCK_TRY_MS = 30_000;
/** A job that is not done by then is killed. */
const JOB_TIMEOUT_MS = 50 * MINUTE_MS;
/** When, of its whole time, an apply has made which of its things. */
const BUILDS_AT = [0.03, 0.15, 0.4, 0.75, 0.95];
const DESTROYS_AT = 0.3;
const FAILS_AT = 0.5;
const KILLED_WITHIN_MS = 20_000;

export interface Job {
  readonly name: string;
  readonly deploymentId: string;
  readonly direction: 'apply' | 'destroy';
  readonly durationMs: number;
  readonly behaviour: Partial<Behaviour>;
  /** What it was told: that whoever held the lock has ended. */
  readonly holdersEnded: boolean;
  /** How its named job ended. */
  readonly onEnd: (outcome: 'succeeded' | 'failed') => void;
}

export interface Work {
  /** Begins; answers with what stops it. A stopped one calls nobody back. */
  begin(job: Job): () => void;
}

/** Makes what a job does in the account: Terraform under its lock, one state to a deployment. */
export const createWork = (events: Pick<Events<unknown>, 'now' | 'at'>, cloud: Cloud): Work => ({
  begin: ({ name, deploymentId, direction, durationMs, behaviour, holdersEnded, onEnd }) => {
    const process: Process = { name, deploymentId, isAlive: true };
    let isStopped = false;
    const later = (ms: number, run: () => void): void =>
      events.at(events.now() + ms, () => {
        if (process.isAlive) run();
      });
    const end = (outcome: 'succeeded' | 'failed', leavesLock = false): void => {
      process.isAlive = false;
      cloud.unlock(process, leavesLock);
      if (!isStopped) onEnd(outcome);
    };

    const apply = (): void => {
      const builtShare = behaviour.end === undefined ? 1 : FAILS_AT;
      for (const share of BUILDS_AT.filter((at) => at < builtShare)) {
        later(share * durationMs, () => cloud.build(process));
      }
      if (behaviour.end === undefined) later(durationMs, () => end('succeeded'));
      if (behaviour.end === 'fails') later(builtShare * durationMs, () => end('failed', behaviour.leavesLock));
    };
    const destroy = (): void => {
      if (behaviour.end === undefined) {
        later(DESTROYS_AT * durationMs, () => cloud.destroy(process));
        later(durationMs, () => end(cloud.exists(deploymentId) ? 'failed' : 'succeeded'));
      }
      if (behaviour.end === 'fails') later(DESTROYS_AT * durationMs, () => end('failed', behaviour.leavesLock));
      if (behaviour.end === 'green-over-live') later(durationMs, () => end('succeeded'));
    };
    const takeLock = (waitedMs: number): void => {
      if (cloud.lock(process, holdersEnded && waitedMs >= LOCK_WAIT_MS)) {
        if (direction === 'apply') apply();
        else destroy();
      } else if (waitedMs >= LOCK_WAIT_MS) end('failed');
      else later(LOCK_TRY_MS, () => takeLock(waitedMs + LOCK_TRY_MS));
    };

    takeLock(0);
    later(JOB_TIMEOUT_MS, () => end('failed', behaviour.leavesLock));
    return () => {
      isStopped = true;
      later(behaviour.zombieMs ?? KILLED_WITHIN_MS, () => end('failed', behaviour.leavesLock));
    };
  },
});
