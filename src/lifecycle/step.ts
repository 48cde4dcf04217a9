import type { Direction, DownReason, Instant, Proof } from './deployment.ts';
import type { JobOutcome } from './observation.ts';

/** What to do next. The controller has one way to carry out each of these, and every one may be repeated. */
export type Step =
  | { readonly do: 'wait'; readonly until: Instant }
  | { readonly do: 'arm' }
  | { readonly do: 'preflight' }
  | { readonly do: 'hasten' }
  | { readonly do: 'request'; readonly direction: Direction; readonly quarantined: boolean }
  | { readonly do: 'resend'; readonly requestId: string }
  | {
      readonly do: 'adopt';
      readonly requestId: string;
      readonly pipelineId: number;
      readonly sha: string;
      readonly webUrl: string;
    }
  | { readonly do: 'settle'; readonly requestId: string; readonly end: JobOutcome }
  | { readonly do: 'cancel'; readonly requestId: string; readonly pipelineId: number }
  /** Its recorded pipeline is given up for a double of the same request that runs already. */
  | { readonly do: 'disown'; readonly requestId: string }
  | { readonly do: 'cancel-strangers'; readonly pipelineIds: readonly number[] }
  | { readonly do: 'look-up' }
  | { readonly do: 'poll'; readonly pipelineId: number }
  | { readonly do: 'read-live-url'; readonly jobId: number }
  | { readonly do: 'probe'; readonly url: string }
  | { readonly do: 'go-live'; readonly url: string; readonly at: Instant }
  | { readonly do: 'go-down'; readonly reason: DownReason }
  | { readonly do: 'read-inventory' }
  | { readonly do: 'schedule-destroy' }
  | { readonly do: 'quarantine' }
  | { readonly do: 'use-second-destroyer' }
  | { readonly do: 'prove'; readonly proof: Proof }
  | { readonly do: 'release' };

/** A step and the rule that asked for it. */
export interface Decided {
  readonly step: Step;
  readonly reason: string;
}
