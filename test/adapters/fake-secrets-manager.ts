import { Readable } from 'node:stream';
import type { SecretName } from '../../src/adapters/secrets.ts';
import { createSecretsManagerClient } from '../../src/adapters/secrets-manager-client.ts';
import { LOCAL_ACCESS } from './dynamodb-under-test.ts';

/** What `GetSecretValue` answers with: a text, or bytes for a secret that is binary. */
type Stored = string | Uint8Array;

export const SECRET_IDS: Readonly<Record<SecretName, string>> = {
  gitlabToken: 'demo/gitlab-token',
  ownerToken: 'demo/owner-token',
  signingKey: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:demo/signing-key-AbCdEf',
};

/** Made up, and shaped like none of the real ones. */
export const SECRET_VALUES: Readonly<Record<SecretName, string>> = {
  gitlabToken: 'made-up-gitlab-token-1',
  ownerToken: 'made-up-owner-token-1',
  signingKey: 'made-up-signing-key-1-made-up-signing-key',
};

const bodyOf = (stored: Stored) =>
  typeof stored === 'string' ? { SecretString: stored } : { SecretBinary: Buffer.from(stored).toString('base64') };

/**
 * A Secrets Manager behind the SDK's real client: every request is counted, and may be refused, garbled or held.
 * Starts with the values given and no previous version.
 */
export const createFakeSecretsManager = (values: Readonly<Record<SecretName, string>> = SECRET_VALUES) => {
  const versions = new Map<string, { current: Stored; previous: Stored | null }>(
    Object.entries(SECRET_IDS).map(([name, id]) => [id, { current: values[name as SecretName], previous: null }]),
  );
  const calls: string[] = [];
  let refusal: string | null = null;
  let garbage: string | null = null;
  let gate: Promise<void> = Promise.resolve();

  const answerTo = (id: string, stage: string): { status: number; body: unknown } => {
    if (refusal !== null) return { status: 400, body: { __type: refusal, message: 'made up' } };
    const stored = stage === 'AWSPREVIOUS' ? versions.get(id)?.previous : versions.get(id)?.current;
    if (stored === undefined || stored === null) {
      return { status: 400, body: { __type: 'ResourceNotFoundException', message: 'made up' } };
    }
    return { status: 200, body: { Name: id, ...bodyOf(stored) } };
  };

  const options = { ...LOCAL_ACCESS, endpoint: 'http://127.0.0.1:1' };
  const { requestHandler: inner } = createSecretsManagerClient(options).config;
  const handle: typeof inner.handle = async (request) => {
    const { SecretId, VersionStage } = JSON.parse(new TextDecoder().decode(request.body));
    calls.push(
      `${Object.keys(SECRET_IDS).find((name) => SECRET_IDS[name as SecretName] === SecretId)} ${VersionStage}`,
    );
    await gate;
    const { status, body } = answerTo(SecretId, VersionStage);
    const headers = { 'content-type': 'application/x-amz-json-1.1' };
    return {
      response: { statusCode: status, reason: '', headers, body: Readable.from([garbage ?? JSON.stringify(body)]) },
    };
  };
  const requestHandler: typeof inner = Object.assign(Object.create(inner), { handle });

  return {
    client: createSecretsManagerClient({ ...options, requestHandler }),
    /** Each request so far, as `<secret> <stage>`. */
    calls,
    /** Every request so far, and none of them again. */
    takeCalls: () => calls.splice(0),
    /** What was current becomes the previous version. */
    rotate(name: SecretName, to: Stored) {
      const id = SECRET_IDS[name];
      versions.set(id, { current: to, previous: versions.get(id)?.current ?? null });
    },
    remove: (name: SecretName) => versions.delete(SECRET_IDS[name]),
    /** From now on every request is refused with that error; null ends it. None that the SDK repeats by itself. */
    refuse(error: 'AccessDeniedException' | null) {
      refusal = error;
    },
    /** From now on every answer is that text. */
    garble(text: string) {
      garbage = text;
    },
    /** Holds every answer back until the function is called. */
    hold(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
  };
};
