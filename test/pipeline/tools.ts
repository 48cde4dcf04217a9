import { readFileSync, writeFileSync } from 'node:fs';
import { OPERATIONS, type Options } from './aws-operations.ts';
import { asText, type Json, search } from './jmespath.ts';
import { AwsError, advance, settle, type Thing, type World } from './world.ts';

/** The commands that destroy.sh runs, played in a world: what each prints and ends with. */

export interface Answer {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export const answer = (status: number, out = '', err = ''): Answer => ({ status, out, err });

/** What `timeout` ends with when it ended the command. */
const TIMED_OUT = 124;

/** A command that does not end by itself: ended by its limit, if it has one. */
export const hang = (world: World, command: string, limitSeconds: number | null): Answer => {
  if (limitSeconds === null) {
    world.misuses.push(`hangs for ever: ${command}`);
    return answer(99);
  }
  advance(world, limitSeconds);
  return answer(TIMED_OUT);
};

/** Takes the first fault that is meant for that command line. */
const faultFor = (world: World, command: string) => {
  const met = world.faults.find(({ fault, left }) => left > 0 && command.startsWith(fault.on));
  if (met !== undefined) met.left -= 1;
  return met?.fault;
};

const GLOBAL = ['--query', '--output'];

const optionsOf = (args: readonly string[]): Options => {
  const options = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const arg of args) {
    if (arg.startsWith('--')) {
      current = [];
      options.set(arg, current);
    } else if (current === undefined) throw new Error(`an argument without an option: ${arg}`);
    else current.push(arg);
  }
  return options;
};

const awsFailure = (code: string, operation: string): Answer =>
  answer(
    254,
    '',
    `\nAn error occurred (${code}) when calling the ${operation} operation: arn:aws:iam::111122223333:role/x may not\n`,
  );

const shown = (document: Json, options: Options): string => {
  const query = options.get('--query')?.[0];
  const value = query === undefined ? document : search(query, document);
  return options.get('--output')?.[0] === 'text' ? asText(value) : `${JSON.stringify(value, null, 4)}\n`;
};

/** AWS's tool. A list of many pages that breaks off prints what it had, and fails. */
export const aws = (world: World, args: readonly string[], limitSeconds: number | null): Answer => {
  const [service = '', operation = '', ...rest] = args;
  const name = `${service} ${operation}`;
  world.calls.push(args.join(' '));
  advance(world, 1);
  const known = OPERATIONS.get(name);
  const options = optionsOf(rest);
  const unknown = [...options.keys()].filter((key) => !GLOBAL.includes(key) && !known?.takes.includes(key));
  const missing = (known?.needs ?? []).filter((key) => !options.has(key));
  if (known === undefined || unknown.length > 0 || missing.length > 0) {
    world.misuses.push(`aws ${args.join(' ')}`);
    return answer(252, '', 'usage: aws [options] <command> <subcommand>\n');
  }
  const fault = faultFor(world, name);
  if (fault?.does === 'hang') return hang(world, name, limitSeconds);
  if (typeof fault?.does === 'object') return awsFailure(fault.does.code, operation);
  try {
    const out = shown(known.run(world, options), options);
    if (fault?.does !== 'partial') return answer(0, out);
    const rows = out.split('\n');
    return answer(
      255,
      `${rows.slice(0, rows.length / 2).join('\n')}\n`,
      '\nConnection was closed before we received a valid response\n',
    );
  } catch (error) {
    if (error instanceof AwsError) return awsFailure(error.code, operation);
    world.misuses.push(`aws ${args.join(' ')}: ${error instanceof Error ? error.message : 'failed'}`);
    return answer(255, '', 'Unable to parse the query\n');
  }
};

const LOCKED = '\u001b[31m╷\u001b[0m\n│ Error: Error acquiring the state lock\n│ api error PreconditionFailed\n╵\n';
const VIOLATION = '│ Error: deleting EC2 Security Group: api error DependencyViolation: has a dependent object\n';

/** In which order Terraform deletes what it knows. */
const ORDER = ['record', 'listener', 'group', 'instance', 'balancer', 'targets', 'template', 'nodegroup', 'cluster'];

/** AWS deletes no cluster that has nodes and no targets that are listened to, whoever asks. */
const isInUse = (world: World, { kind, heldBy }: Thing): boolean =>
  ORDER.includes(kind) && heldBy.some((id) => world.things.has(id));

const destroyRecorded = (world: World, share: number): { readonly count: number; readonly isWhole: boolean } => {
  const recorded = [...world.recorded]
    .flatMap((id) => world.things.get(id) ?? [])
    .toSorted((left, right) => ORDER.indexOf(left.kind) - ORDER.indexOf(right.kind));
  const doomed = recorded.slice(0, Math.ceil(recorded.length * share));
  let count = 0;
  for (const each of doomed) {
    if (isInUse(world, each)) continue;
    count += 1;
    world.things.delete(each.id);
    world.recorded.delete(each.id);
    world.gone.set(each.id, { thing: each, at: world.now });
    for (const other of world.things.values()) {
      if (other.goesWith !== each.id && other.fields.group !== each.id) continue;
      other.state = 'deleting';
      other.goesAt ??= world.now + other.lingersSeconds;
    }
    advance(world, 20);
  }
  return { count, isWhole: count === doomed.length };
};

const destroyed = ({ count, isWhole }: ReturnType<typeof destroyRecorded>): Answer =>
  isWhole ? answer(0, `Destroy complete! Resources: ${count} destroyed.\n`) : answer(1, '', VIOLATION);

const waitForLock = (world: World, seconds: number): boolean => {
  for (let waited = 0; world.lock !== null && waited < seconds; waited += 5) advance(world, 5);
  return world.lock === null;
};

const destroy = (world: World, args: readonly string[], limitSeconds: number | null): Answer => {
  const lockTimeout = args.find((arg) => arg.startsWith('-lock-timeout='))?.slice('-lock-timeout='.length) ?? '0s';
  if (!args.includes('-auto-approve') || !args.includes('-input=false') || limitSeconds === null) {
    world.misuses.push(`terraform ${args.join(' ')}`);
  }
  if (!waitForLock(world, Number.parseInt(lockTimeout, 10))) return answer(1, '', LOCKED);
  world.terraformRuns += 1;
  const tale = world.terraformRuns === 1 ? world.terraform.destroy : 'works';
  if (tale === 'hangs') {
    world.lock = { etag: 'hung', takenAt: world.now };
    return hang(world, 'terraform destroy', limitSeconds);
  }
  if (tale === 'fails-at-once') return answer(1, '', '│ Error: Failed to load state: unexpected end of JSON input\n');
  if (tale === 'finds-nothing')
    return answer(0, 'No changes. No objects need to be destroyed.\nDestroy complete! Resources: 0 destroyed.\n');
  if (tale === 'ends-well-and-leaves') {
    return destroyed(destroyRecorded(world, 0.5));
  }
  if (tale === 'fails-half-way') {
    destroyRecorded(world, 0.5);
    advance(world, 300);
    return answer(1, '', VIOLATION);
  }
  return destroyed(destroyRecorded(world, 1));
};

export const terraform = (world: World, args: readonly string[], limitSeconds: number | null): Answer => {
  const [chdir = '', command = '', ...rest] = args;
  world.calls.push(`terraform ${command}`);
  if (!chdir.startsWith('-chdir=')) world.misuses.push(`terraform ${args.join(' ')}`);
  if (command === 'output' && rest[0] === '-raw') {
    return answer(0, rest[1] === 'url' ? 'https://demo-x.example.com/' : `demo-${world.deploymentId.slice(-12)}`);
  }
  if (command === 'output') {
    return answer(0, JSON.stringify({ deployment_id: world.deploymentId, url: 'https://demo-x.example.com/' }));
  }
  if (command === 'init') {
    if (!rest.includes(`-backend-config=key=demo/${world.deploymentId}/terraform.tfstate`)) {
      world.misuses.push(`terraform ${args.join(' ')}`);
    }
    if (world.terraform.init === 'hangs') return hang(world, 'terraform init', limitSeconds);
    advance(world, 5);
    return world.terraform.init === 'works'
      ? answer(0)
      : answer(1, '', '│ Error: Failed to query available provider packages\n');
  }
  if (command === 'destroy') return destroy(world, rest, limitSeconds);
  world.misuses.push(`terraform ${args.join(' ')}`);
  return answer(1);
};

export const kubectl = (world: World, args: readonly string[], limitSeconds: number | null): Answer => {
  const command = args.filter((arg, index) => !arg.startsWith('--') && args[index - 1] !== '--kubeconfig');
  world.calls.push(`kubectl ${command.join(' ')}`);
  if (world.cluster === 'hangs') return hang(world, 'kubectl', limitSeconds);
  advance(world, 2);
  if (world.cluster === 'refuses') return answer(1, '', 'error: You must be logged in to the server (Unauthorized)\n');
  const [verb, kind, name = ''] = command;
  if (verb === 'get') return answer(0, [...world.services.keys()].map((service) => `default ${service}\n`).join(''));
  if (verb === 'delete' && kind === 'service') {
    const balancer = world.things.get(world.services.get(name) ?? '');
    if (balancer !== undefined) balancer.goesAt = world.now + 5;
    world.services.delete(name);
    advance(world, 10);
  }
  return answer(0);
};

const iso = (seconds: number): string => `${new Date(seconds * 1_000).toISOString().slice(0, 19)}Z`;

/** `date -u +%s`, `date -u -d <instant> +%s`, and the format that is compared with `start_before`. */
export const date = (world: World, args: readonly string[]): Answer => {
  const at = args.includes('-d') ? Date.parse(args[args.indexOf('-d') + 1] ?? '') / 1_000 : world.now;
  if (Number.isNaN(at)) return answer(1, '', 'date: invalid date\n');
  return answer(0, `${args.at(-1) === '+%s' ? Math.floor(at) : iso(at)}\n`);
};

export const sleep = (world: World, [seconds = '']: readonly string[]): Answer => {
  if (!/^\d+$/.test(seconds) || Number(seconds) > 600) world.misuses.push(`sleep ${seconds}`);
  advance(world, Number(seconds));
  settle(world);
  return answer(0);
};

/** Puts and gets of objects, whose bodies are files. */
export const withFiles = (world: World, args: readonly string[], limitSeconds: number | null): Answer => {
  const options = args.filter((arg) => arg.startsWith('--'));
  if (args[1] === 'put-object' && options.includes('--body')) {
    const at = args.indexOf('--body') + 1;
    const body = readFileSync(args[at] ?? '', 'utf8');
    return aws(world, args.with(at, body), limitSeconds);
  }
  if (args[1] !== 'get-object') return aws(world, args, limitSeconds);
  world.calls.push(args.join(' '));
  const fault = faultFor(world, 's3api get-object');
  if (typeof fault?.does === 'object') return awsFailure(fault.does.code, 'GetObject');
  const body = world.objects.get(args[args.indexOf('--key') + 1] ?? '');
  if (body === undefined) return awsFailure('NoSuchKey', 'GetObject');
  writeFileSync(args.at(-1) ?? '', body);
  return answer(0, '{}');
};
