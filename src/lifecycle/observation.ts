import type { Direction, Instant, Outcome } from './deployment.ts';

/** How far a job is, in our words; the adapter folds GitLab's thirteen statuses into these. */
export type JobState = 'waiting' | 'running' | 'succeeded' | 'failed' | 'canceled' | 'skipped' | 'manual';

export interface ObservedJob {
  readonly id: number;
  readonly name: string;
  readonly stage: string;
  readonly state: JobState;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly failureReason: string | null;
}

/** A pipeline as last seen, its newest job per name. */
export interface ObservedPipeline {
  readonly id: number;
  readonly name: string;
  /** GitLab's own word, for the public pipeline view only; nothing is decided from it. */
  readonly status: string;
  /** False also for `manual` and for words we do not know. */
  readonly terminal: boolean;
  readonly sha: string;
  readonly webUrl: string;
  readonly createdAt: Instant | null;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly jobs: readonly ObservedJob[];
}

/** A row of the list of pipelines whose name carries a deployment's id. */
export interface ListedPipeline {
  readonly id: number;
  readonly direction: Direction;
  readonly requestId: string;
  readonly terminal: boolean;
  readonly running: boolean;
  readonly sha: string;
  readonly webUrl: string;
}

/** A look at one of our pipelines; `pipeline` is null when GitLab answered 404. */
export interface PipelineLook {
  readonly pipelineId: number;
  readonly at: Instant;
  readonly pipeline: ObservedPipeline | null;
}

export type InventoryAnswer = 'empty' | 'deleting' | 'leftovers' | 'unknown';

export interface InventoryReading {
  readonly at: Instant;
  readonly answer: InventoryAnswer;
  /** How many things were seen; 0 for unknown. */
  readonly count: number;
  /** What was seen, at most ten names, or why nothing is known. */
  readonly detail: readonly string[];
  /** True when just before it every pipeline that carries the deployment's id was listed and terminal. */
  readonly pipelinesQuiet: boolean;
  /** Since when everything that was left has been on its way out, as far as it was looked at; null for other answers. */
  readonly deletingSince: Instant | null;
}

export type ProbeVerdict = 'found' | 'absent' | 'unknown';

export interface ProbeRecord {
  readonly at: Instant;
  readonly verdict: ProbeVerdict;
  /** Failures in a row; an unknown verdict neither counts nor clears. */
  readonly failures: number;
  readonly failingSince: Instant | null;
  readonly lastFoundAt: Instant | null;
}

/** What was last seen of the world, all under one claim so that one task looks at a time. */
export interface Observation {
  /** The claim: when the latest look was taken up. */
  readonly observedAt: Instant;
  /** The claim's own id; a result is stored only while it is still this. */
  readonly observedBy: string;
  /** The `observedAt` of the latest look that came to its end, whatever it saw. */
  readonly lookEndedAt: Instant;
  /** Since when GitLab could not be asked, without a break. */
  readonly gitlabFailingSince: Instant | null;
  /** When the latest look that could not ask it came to its end, which may be long after it was taken up. */
  readonly gitlabFailedAt: Instant | null;
  readonly look: PipelineLook | null;
  /** The apply pipeline as last seen, kept for the view, the history and the auto-stop check. */
  readonly applyPipeline: ObservedPipeline | null;
  readonly destroyPipeline: ObservedPipeline | null;
  /** Latched: an apply job was seen to have started at this time. */
  readonly applyStartedAt: Instant | null;
  readonly listing: { readonly at: Instant; readonly pipelines: readonly ListedPipeline[] } | null;
  readonly listingTriedAt: Instant | null;
  /** When pipelines that must not go on were last asked to end. */
  readonly strangersCancelledAt: Instant | null;
  readonly outputs: { readonly at: Instant; readonly url: string | null; readonly problem: string | null } | null;
  readonly probe: ProbeRecord | null;
  /** What the proof needs of the readings, oldest first, at most three (see `appendReading`). */
  readonly readings: readonly InventoryReading[];
}

export const NOTHING_OBSERVED: Observation = Object.freeze({
  observedAt: 0,
  observedBy: '',
  lookEndedAt: 0,
  gitlabFailingSince: null,
  gitlabFailedAt: null,
  look: null,
  applyPipeline: null,
  destroyPipeline: null,
  applyStartedAt: null,
  listing: null,
  listingTriedAt: null,
  strangersCancelledAt: null,
  outputs: null,
  probe: null,
  readings: [],
});

/** An outcome that can be read off a named job, and whether that job had started. */
export interface JobOutcome {
  readonly outcome: Outcome;
  readonly jobStarted: boolean;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
}
