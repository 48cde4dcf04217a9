import type { TokenSource } from './gitlab-tokens.ts';

/** The three secrets of this service: GitLab's access token, the owner's token, and the key of the control tokens. */
export const SECRET_NAMES = ['gitlabToken', 'ownerToken', 'signingKey'] as const;

export type SecretName = (typeof SECRET_NAMES)[number];

/**
 * Why secrets cannot be read. Its message names them and is meant for the log and the owner; it is made of our own
 * words and error codes, and no other error is chained to it, since that could carry a value.
 */
export class SecretsFailure extends Error {
  override readonly name = 'SecretsFailure';
  /** Whether it fails for as long as nobody changes anything: a wrong name, a missing right, an unusable value. */
  readonly isFinal: boolean;

  constructor(message: string, { isFinal = false }: { readonly isFinal?: boolean } = {}) {
    super(message);
    this.isFinal = isFinal;
  }
}

/**
 * The secrets, as they are at the moment: whoever needs one asks each time and keeps nothing, so that a rotation is
 * seen without a restart. `read` and `held` throw `DemoError` SECRETS_UNAVAILABLE when there is no usable value.
 */
export interface Secrets {
  /**
   * Reads whatever is not held yet or has become too old, and nothing else: for the boot, and from time to time so
   * that nobody has to wait. Rejects with a `SecretsFailure` that names every secret which cannot be read just now,
   * even if its old value can still be used.
   */
  freshen(): Promise<void>;
  /** The value, read anew first if it has become too old. */
  read(name: SecretName): Promise<string>;
  /** The value without waiting. One that has become too old is read anew in the background. */
  held(name: SecretName): string;
  /** Other values that were seen lately, the latest first; never the one that is held. */
  earlier(name: SecretName): readonly string[];
  /** A newer value than the one that was refused, past every cache; null if none can be had. Never rejects. */
  refetch(name: SecretName, refused: string): Promise<string | null>;
  /** The version before the current one; null if none can be had. Never rejects. */
  previous(name: SecretName): Promise<string | null>;
  /** Every value seen lately, for the masker. */
  known(): readonly string[];
}

/** GitLab's token, for GitLab's client. */
export const tokenSourceOf = (secrets: Pick<Secrets, 'read' | 'refetch' | 'previous'>): TokenSource => ({
  current: () => secrets.read('gitlabToken'),
  refresh: (refused) => secrets.refetch('gitlabToken', refused),
  previous: () => secrets.previous('gitlabToken'),
});
