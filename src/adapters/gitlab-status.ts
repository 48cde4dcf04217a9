import type { JobState } from '../lifecycle/observation.ts';
import type { EventLog } from '../lifecycle/ports.ts';

export interface FoldedStatus {
  readonly jobState: JobState;
  /** The pipeline has ended; it may still be re-opened. */
  readonly terminal: boolean;
  /** A runner works on it. */
  readonly running: boolean;
  /** It runs or is about to by itself, so a pipeline with such a job has not ended whatever its own word. */
  readonly active: boolean;
}

const row = (jobState: JobState, flags: Partial<Omit<FoldedStatus, 'jobState'>> = {}): FoldedStatus =>
  Object.freeze({ jobState, terminal: false, running: false, active: false, ...flags });

/**
 * GitLab's thirteen statuses of pipelines and jobs (https://docs.gitlab.com/api/pipelines/). `canceling` still runs:
 * the runner finishes `after_script`. `manual` and `scheduled` have not ended either.
 */
export const GITLAB_STATUSES: ReadonlyMap<string, FoldedStatus> = new Map([
  ['created', row('waiting')],
  ['waiting_for_resource', row('waiting', { active: true })],
  ['preparing', row('waiting', { active: true })],
  ['waiting_for_callback', row('waiting', { active: true })],
  ['pending', row('waiting', { active: true })],
  ['running', row('running', { active: true, running: true })],
  ['canceling', row('running', { active: true, running: true })],
  ['success', row('succeeded', { terminal: true })],
  ['failed', row('failed', { terminal: true })],
  ['canceled', row('canceled', { terminal: true })],
  ['skipped', row('skipped', { terminal: true })],
  ['manual', row('manual')],
  ['scheduled', row('waiting')],
]);

const UNKNOWN = row('waiting', { active: true });
const MAX_REMEMBERED_WORDS = 50;

/** Folds a status into our words; one we do not know means "in progress". */
export type FoldStatus = (word: string) => FoldedStatus;

/** A word of GitLab's that is safe to show: letters and underscores, else `unknown`. */
export const shownWord = (word: string): string => (/^[a-z_]{1,40}$/.test(word) ? word : 'unknown');

/** Makes the fold; a word that is not known is logged once as `gitlab.unknown_status`. */
export const createFoldStatus = (log: EventLog): FoldStatus => {
  const reported = new Set<string>();
  return (word) => {
    const known = GITLAB_STATUSES.get(word);
    if (known !== undefined) return known;
    const shown = shownWord(word);
    if (!reported.has(shown) && reported.size < MAX_REMEMBERED_WORDS) {
      reported.add(shown);
      log.event('warn', 'gitlab.unknown_status', { status: shown });
    }
    return UNKNOWN;
  };
};
