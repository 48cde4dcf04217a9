import type { JobName } from '../pipeline-definition.ts';
import type { BrokenLock } from '../state-locks.ts';

/** How a job's script will end, decided when it starts. */
export type ScriptOutcome =
  | { readonly kind: 'success' }
  | { readonly kind: 'refused'; readonly startBefore: string; readonly startedAt: string }
  | { readonly kind: 'apply-fails'; readonly afterResources: number | null }
  | { readonly kind: 'verify-fails' }
  | { readonly kind: 'dependency-violation' }
  | { readonly kind: 'leftovers' }
  | { readonly kind: 'state-locked' };

/**
 * The script stops moving after `afterMs`, at the latest just before its end; the job ends `silentMs` later with that
 * reason. Simulated milliseconds.
 */
export interface ScriptInterruption {
  readonly afterMs: number;
  readonly silentMs: number;
  readonly failureReason: string;
  /** True when Terraform dies with the runner: what it was just making exists then, and its state knows nothing of it. */
  readonly losesState: boolean;
  /** When Terraform leaves its state lock behind: after how long a destroy may break it. */
  readonly leavesLockMs: number | null;
}

/** Everything a script depends on, so that it can be written again, equal to the byte, whenever it is asked for. */
export interface ScriptRecipe {
  readonly job: JobName;
  readonly deploymentId: string;
  readonly seed: number;
  readonly jobId: number;
  readonly pipelineId: number;
  readonly ref: string;
  readonly sha: string;
  readonly liveUrl: string;
  /** Addresses of what existed when the job started. */
  readonly present: readonly string[];
  /** Those of them that were on their way out already. */
  readonly deleting: readonly string[];
  /** Those of them that Terraform made and has no record of. */
  readonly unrecorded: readonly string[];
  /** What kind of state lock the job finds and breaks, if any. */
  readonly brokenLock: BrokenLock | null;
  readonly outcome: ScriptOutcome;
  readonly interruption: ScriptInterruption | null;
}

/** Stream 00 is the runner, 01 the script; O is standard output, E standard error. */
export type ScriptStream = '00O' | '01O' | '01E';

export interface ScriptLine {
  /** Simulated milliseconds after the start of the job. */
  readonly atMs: number;
  readonly stream: ScriptStream;
  /** Without the line feed. A section marker holds `{epoch}` in place of the seconds, known only when it is shown. */
  readonly text: string;
  /** True for the rest of the line before it. */
  readonly continued: boolean;
}

export interface ScriptEffect {
  /** Simulated milliseconds after the start of the job. */
  readonly atMs: number;
  /** `appears-unrecorded`: it exists, and no Terraform state knows it. `recorded` is for the script alone. */
  readonly kind: 'appears' | 'appears-unrecorded' | 'recorded' | 'deleting' | 'gone' | 'serves' | 'stops-serving';
  readonly address: string;
}

export interface Script {
  readonly lines: readonly ScriptLine[];
  readonly effects: readonly ScriptEffect[];
  readonly durationMs: number;
  /** Null if the job succeeds. */
  readonly failureReason: string | null;
}
