import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Answer, answer, date, kubectl, sleep, terraform, withFiles } from './tools.ts';
import type { World } from './world.ts';

/**
 * Runs a script of terraform/demo in a world. The commands it calls hand their arguments to this process and print what it
 * answers: starting Node for each of them would take minutes.
 */

export const DEMO = fileURLToPath(new URL('../../terraform/demo/', import.meta.url));

const BASH = '/bin/bash';
/** Why these tests cannot run here; false when they can. To be given to tap as `skip`. */
export const SKIP: string | false =
  spawnSync(BASH, ['-c', 'exec 3<>/dev/null; [[ a =~ ^a$ ]]']).status === 0
    ? false
    : 'SKIPPED: no bash here, so the scripts of terraform/demo are NOT tested';

/**
 * Arguments are counted and ended by NUL. The answer is the status and the names of two files with what is printed: from a
 * socket bash reads one byte at a time.
 * As functions in the environment they cost no process at all, which most of the time went to; as files they are there for
 * `exec`, and for a bash that takes no functions from its environment.
 */
const CALL = `{
  local name=$1 status=98 out err line
  shift
  exec 7<>/dev/tcp/127.0.0.1/$STUB_PORT || return 96
  printf '%s\\0' "$#" "$name" "\${STUB_LIMIT:-}" "$@" >&7
  read -r status out err <&7
  exec 7>&-
  if [[ $out != - ]]; then while IFS= read -r line; do printf '%s\\n' "$line"; done <"$STUB_FOLDER/$out"; fi
  if [[ $err != - ]]; then while IFS= read -r line; do printf '%s\\n' "$line" >&2; done <"$STUB_FOLDER/$err"; fi
  return "$status"
}`;
const LIMIT = `{
  while [[ $1 == --* ]]; do shift; done
  local -x STUB_LIMIT=$1
  shift
  "$@"
}`;

/** Stands for no file. */
const EMPTY = '-';

const COMMANDS = ['aws', 'curl', 'date', 'kubectl', 'sleep', 'terraform'] as const;

const FUNCTIONS: Readonly<Record<string, string>> = {
  stub_call: CALL,
  timeout: LIMIT,
  ...Object.fromEntries(COMMANDS.map((command) => [command, `{ stub_call ${command} "$@"; }`])),
};

const inEnvironment = Object.fromEntries(
  Object.entries(FUNCTIONS).map(([name, body]) => [`BASH_FUNC_${name}%%`, `() ${body}`]),
);

const asFile = (name: string): string =>
  `#!/bin/bash\nstub_call() ${CALL}\nlimit() ${LIMIT}\n${name === 'timeout' ? 'limit' : `stub_call ${name}`} "$@"\n`;

/** Puts the stubs into a folder that stands first in PATH. */
const makeStubs = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-stubs-'));
  for (const name of [...COMMANDS, 'timeout']) writeFileSync(join(folder, name), asFile(name), { mode: 0o755 });
  return folder;
};

/** What `curl` gives, if a script uses it: the page and its status. */
export type Curl = (args: readonly string[]) => Answer;

const play = (world: World, curl: Curl, name: string, args: readonly string[], limitSeconds: number | null): Answer => {
  if (name === 'aws') return withFiles(world, args, limitSeconds);
  if (name === 'terraform') return terraform(world, args, limitSeconds);
  if (name === 'kubectl') return kubectl(world, args, limitSeconds);
  if (name === 'date') return date(world, args);
  if (name === 'sleep') return sleep(world, args);
  return name === 'curl' ? curl(args) : answer(97);
};

const serve = (world: World, curl: Curl, folder: string, beforeEach: () => void) => {
  let answers = 0;
  /** Puts it into a file and answers its name; a dash when there is nothing to print. */
  const put = (text: string): string => {
    if (text === '') return EMPTY;
    answers += 1;
    const name = `answer-${answers}`;
    writeFileSync(join(folder, name), text.endsWith('\n') ? text : `${text}\n`);
    return name;
  };
  return createServer((socket: Socket) => {
    let received = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      received += chunk.toString('utf8');
      const parts = received.split('\0');
      // Count, name and limit stand before the arguments; after the last NUL comes an empty rest.
      if (parts.length < 4 || parts.length < Number(parts[0]) + 4) return;
      const [, name = '', limit = '', ...args] = parts.slice(0, -1);
      beforeEach();
      const { status, out, err } = play(world, curl, name, args, limit === '' ? null : Number(limit));
      socket.end(`${status} ${put(out)} ${put(err)}\n`);
    });
  });
};

export interface Run {
  readonly status: number | null;
  /** Both streams, as a log shows them. */
  readonly output: string;
  /** By the world's clock. */
  readonly seconds: number;
}

export interface RunOptions {
  readonly world: World;
  /** Where the scripts are; the project's own by default. */
  readonly folder?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
  readonly curl?: Curl | undefined;
  /** By the world's clock: a script that goes on for longer is killed. */
  readonly limitSeconds?: number | undefined;
}

/** A script that goes on for longer than this in reality has met something that the world does not play. */
const REAL_LIMIT_MS = 60_000;

export const runScript = async (script: string, args: readonly string[], options: RunOptions): Promise<Run> => {
  const { world, folder = DEMO, env = {}, cwd, curl = () => answer(7), limitSeconds = 100_000 } = options;
  const startedAt = world.now;
  const stubs = makeStubs();
  let child: ReturnType<typeof spawn> | null = null;
  const server = serve(world, curl, stubs, () => {
    if (world.now - startedAt > limitSeconds) child?.kill('SIGKILL');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the stubs have no port');
  try {
    const running = spawn(BASH, [join(folder, script), ...args], {
      cwd,
      env: {
        ...inEnvironment,
        PATH: `${stubs}:/usr/bin:/bin`,
        STUB_PORT: String(address.port),
        STUB_FOLDER: stubs,
        TMPDIR: stubs,
        AWS_REGION: 'us-east-1',
        // As the persistent layer names it, with the account in it.
        STATE_BUCKET: 'demo-on-demand-state-111122223333-us-east-1',
        DEMO_INSTALLATION: 'demo-table',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: REAL_LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    child = running;
    let output = '';
    running.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
    running.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
    const status = await new Promise<number | null>((resolve, reject) => {
      running.on('error', reject);
      running.on('close', resolve);
    });
    return { status, output, seconds: world.now - startedAt };
  } finally {
    server.close();
    rmSync(stubs, { recursive: true, force: true });
  }
};
