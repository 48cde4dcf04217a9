import { setTimeout as delay } from 'node:timers/promises';
import type { FaultName } from '../../../src/local/gitlab-simulator/fault-table.ts';
import type { Chances } from './chances.ts';
import type { Timeline } from './timeline.ts';

interface Plague {
  readonly weight: number;
  readonly name: FaultName;
  /** Seconds are simulated ones, twenty of them in a second of the wall clock, except where the table says otherwise. */
  readonly parameters: (chances: Chances) => Readonly<Record<string, unknown>>;
  /** How long it lasts on the wall clock, unless it has happened so many times before. */
  readonly forMs?: number;
}

/** What nobody has met by then is taken away, or one life would have to suffer what was meant for many. */
const USUAL_MS = 6_000;
/** A life has to come to its destroy first. */
const UNTIL_DESTROYED_MS = 20_000;

const once =
  (parameters: Readonly<Record<string, unknown>> = {}) =>
  (): Readonly<Record<string, unknown>> => ({
    times: 1,
    ...parameters,
  });

const PLAGUES: readonly Plague[] = [
  { weight: 2, name: 'connection-reset', parameters: (chances) => ({ times: chances.between(1, 5) }) },
  { weight: 1, name: 'hang', parameters: (chances) => ({ times: chances.between(1, 3) }) },
  { weight: 1, name: 'slow', parameters: (chances) => ({ times: 5, delay_ms: chances.between(100, 500) }) },
  { weight: 1, name: 'unauthorized', parameters: once({ kind: 'expired' }) },
  { weight: 1, name: 'forbidden', parameters: once({ method: 'POST' }) },
  { weight: 1, name: 'rate-limited', parameters: once({ kind: 'text', retry_after_seconds: 2 }) },
  { weight: 1, name: 'server-error-html', parameters: (chances) => ({ times: chances.between(1, 6), status: 503 }) },
  { weight: 1, name: 'truncated-json', parameters: (chances) => ({ times: chances.between(1, 5) }) },
  { weight: 1, name: 'not-found', parameters: (chances) => ({ times: 1, action: chances.one(['apply', 'destroy']) }) },
  { weight: 2, name: 'create-lost-request', parameters: once() },
  {
    weight: 3,
    name: 'create-lost-reply',
    // Of the wall clock, these: with what the network adds, within the time that the proof of absence waits out.
    parameters: (chances) => ({ times: 1, commit_after_seconds: chances.between(0, 2) }),
  },
  { weight: 2, name: 'create-hang', parameters: (chances) => ({ times: 1, commit: chances.percent(50) }) },
  { weight: 1, name: 'create-limit', parameters: once() },
  {
    weight: 1,
    name: 'create-rejected',
    parameters: (chances) => ({ times: 1, action: chances.one(['apply', 'destroy']) }),
  },
  { weight: 1, name: 'sha-moved', parameters: once() },
  { weight: 2, name: 'stuck-pipeline', parameters: (chances) => ({ times: 1, for_seconds: chances.between(20, 300) }) },
  { weight: 1, name: 'stuck-pipeline', parameters: once({ action: 'apply' }) },
  { weight: 1, name: 'auto-cancelled', parameters: once() },
  { weight: 1, name: 'pipeline-reopened', parameters: once({ after_seconds: 20 }) },
  { weight: 2, name: 'auto-stop', parameters: (chances) => ({ times: 1, after_seconds: chances.between(0, 60) }) },
  { weight: 1, name: 'late-start', parameters: once() },
  { weight: 1, name: 'resource-group-stuck', parameters: once() },
  { weight: 2, name: 'apply-fails', parameters: once() },
  { weight: 1, name: 'verify-fails', parameters: once() },
  {
    weight: 5,
    name: 'destroy-fails',
    parameters: (chances) => ({ times: chances.between(1, 4) }),
    forMs: UNTIL_DESTROYED_MS,
  },
  {
    weight: 8,
    name: 'leftovers',
    parameters: (chances) => ({ survive: chances.between(1, 4) }),
    forMs: UNTIL_DESTROYED_MS,
  },
  { weight: 1, name: 'state-locked', parameters: once({ action: 'destroy' }) },
  { weight: 2, name: 'runner-lost', parameters: (chances) => ({ times: 1, after_seconds: chances.between(0, 40) }) },
  {
    weight: 2,
    name: 'created-not-in-state',
    parameters: (chances) => ({ times: 1, after_seconds: chances.between(5, 50) }),
  },
  { weight: 1, name: 'stale-lock', parameters: once({ stale_after_seconds: 100 }) },
  // Before the second reading of the proof, which is a hundred simulated seconds after the first one at the earliest.
  {
    weight: 2,
    name: 'resource-reappears',
    parameters: once({ job: 'destroy', after_seconds: 50 }),
    forMs: UNTIL_DESTROYED_MS,
  },
  { weight: 1, name: 'job-hangs', parameters: once({ after_seconds: 10, for_seconds: 120 }) },
  { weight: 1, name: 'quota-exceeded', parameters: once() },
  { weight: 2, name: 'cancel-hangs', parameters: (chances) => ({ times: 1, for_seconds: chances.between(20, 200) }) },
  { weight: 1, name: 'unknown-status', parameters: () => ({ status: 'on_fire' }), forMs: 2_000 },
  { weight: 2, name: 'stale-status', parameters: () => ({ seconds: 2 }), forMs: 4_000 },
  { weight: 1, name: 'clock-skew', parameters: () => ({ seconds: 30 }), forMs: 4_000 },
  { weight: 1, name: 'artifact-missing', parameters: (chances) => ({ times: chances.between(1, 4) }) },
  { weight: 1, name: 'artifact-malformed', parameters: (chances) => ({ times: chances.between(1, 4) }) },
  { weight: 1, name: 'artifact-foreign-url', parameters: once({ url: 'https://example.com/' }) },
  { weight: 3, name: 'inventory-partial', parameters: (chances) => ({ times: chances.between(1, 6) }) },
  { weight: 3, name: 'inventory-error', parameters: (chances) => ({ times: chances.between(1, 6) }) },
  { weight: 2, name: 'schedules-error', parameters: () => ({}), forMs: 1_500 },
  { weight: 1, name: 'live-url-down', parameters: () => ({}), forMs: 4_000 },
  { weight: 1, name: 'live-url-foreign', parameters: () => ({}), forMs: 3_000 },
];

/**
 * The faults of the simulator that cannot be played here: `create-twice` and `apply-retried` are GitLab, or a person,
 * building twice, which no server can prevent, only undo; `second-destroyer-fails` needs the second destroyer, which
 * comes hours later; of the others there is one of the same kind above.
 */
export interface Plagues {
  /** Switches faults on and off until the signal says that it is enough; then none is left. */
  spread(signal: AbortSignal): Promise<void>;
}

/** Makes the plagues of the simulator at that origin. */
export const createPlagues = (chances: Chances, timeline: Timeline, gitlab: string): Plagues => {
  const call = async (method: string, path: string, body?: unknown): Promise<void> => {
    const answer = await fetch(`${gitlab}/control/${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`the simulator answers ${answer.status} to ${method} ${path}`);
  };

  const strike = async (signal: AbortSignal): Promise<void> => {
    const { name, parameters, forMs } = chances.weighted(PLAGUES.map((plague) => [plague.weight, plague]));
    const chosen = parameters(chances);
    timeline.note(`plague ${name} ${JSON.stringify(chosen)}`);
    await call('PUT', `faults/${name}`, chosen);
    await delay(forMs ?? USUAL_MS, undefined, { signal }).catch(() => undefined);
    await call('DELETE', `faults/${name}`);
  };

  return {
    spread: async (signal) => {
      const struck: Promise<void>[] = [];
      while (!signal.aborted) {
        // Of too many at once nothing would ever be built.
        await delay(chances.between(1_000, 5_000), undefined, { signal }).catch(() => undefined);
        if (!signal.aborted) struck.push(strike(signal));
      }
      await Promise.all(struck);
      await call('DELETE', 'faults');
    },
  };
};
