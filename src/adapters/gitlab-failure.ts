import { DemoError } from '../lifecycle/errors.ts';

/**
 * `not_sent`: the request never left this process. `unauthorized`: GitLab took none of our tokens, so it did nothing.
 * `no_answer`: it may have arrived. `unusable`: an answer came that says nothing we could rely on.
 */
export type GitlabFailureKind = 'not_sent' | 'unauthorized' | 'no_answer' | 'unusable';

/**
 * Why GitLab could not be asked. Its message is made of our own words, the path and error codes only: errors of the
 * HTTP client are never chained, because some of them carry what was sent or received, and with it the token.
 */
export class GitlabFailure extends Error {
  override readonly name = 'GitlabFailure';
  readonly kind: GitlabFailureKind;

  constructor(kind: GitlabFailureKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** What the lifecycle is told: `DemoError` PIPELINES_UNAVAILABLE with the failure as its cause. */
export const pipelinesUnavailable = (failure: GitlabFailure): DemoError =>
  new DemoError('PIPELINES_UNAVAILABLE', { cause: failure });

/** An answer came and cannot be used; `what` names it in our own words. */
export const unusable = (what: string): DemoError => pipelinesUnavailable(new GitlabFailure('unusable', what));

/** The failure behind a domain error; null for any other error. */
export const gitlabFailureOf = (error: unknown): GitlabFailure | null =>
  error instanceof DemoError && error.data.cause instanceof GitlabFailure ? error.data.cause : null;
