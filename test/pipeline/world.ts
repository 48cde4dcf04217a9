import type { Json } from './jmespath.ts';

/**
 * An AWS account as far as destroy.sh can tell: things with tags, what holds what, and how long a deletion takes. Time is
 * the world's own, in seconds; nothing here waits.
 */

export type Kind =
  | 'cluster'
  | 'nodegroup'
  | 'group'
  | 'instance'
  | 'template'
  | 'balancer'
  | 'listener'
  | 'targets'
  | 'nat'
  | 'volume'
  | 'interface'
  | 'address'
  | 'security-group'
  | 'rule'
  | 'record'
  | 'stranger';

export interface Thing {
  readonly kind: Kind;
  readonly id: string;
  /** What is true, whatever tags and names say: only this deployment's may ever be deleted. */
  readonly isOurs: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** More of its document. */
  readonly fields: Readonly<Record<string, Json>>;
  /** It cannot be deleted while one of these exists. */
  readonly heldBy: readonly string[];
  /** It goes, so many seconds later, when that one goes. */
  readonly goesWith: string | null;
  readonly lingersSeconds: number;
  readonly deletingSeconds: number;
  /** With this error it refuses every deletion. */
  readonly refuses: string | null;
  state: 'there' | 'deleting';
  goesAt: number | null;
}

export type ThingOptions = Pick<Thing, 'kind' | 'id' | 'isOurs'> &
  Partial<Omit<Thing, 'kind' | 'id' | 'isOurs' | 'state' | 'goesAt'>>;

export const thing = (options: ThingOptions): Thing => ({
  tags: {},
  fields: {},
  heldBy: [],
  goesWith: null,
  lingersSeconds: 0,
  deletingSeconds: 0,
  refuses: null,
  ...options,
  state: 'there',
  goesAt: null,
});

export interface Fault {
  /** Part of the command line, such as `ec2 describe-volumes`. */
  readonly on: string;
  readonly times: number;
  /** `partial`: half of the rows, then an error. `hang`: no answer until somebody's limit ends it. */
  readonly does: 'partial' | 'hang' | { readonly code: string };
}

export type Lock = { readonly etag: string; readonly takenAt: number } | null;

export interface TerraformTale {
  /** What `terraform init` does. */
  readonly init: 'works' | 'fails' | 'hangs';
  /** What `terraform destroy` does the first time it gets its lock; later ones work. */
  readonly destroy: 'works' | 'fails-at-once' | 'fails-half-way' | 'hangs' | 'finds-nothing' | 'ends-well-and-leaves';
}

export interface World {
  now: number;
  readonly deploymentId: string;
  readonly things: Map<string, Thing>;
  /** Ids that AWS goes on to list: terminated instances in their own list, anything in the tagging API. */
  readonly gone: Map<string, { readonly thing: Thing; readonly at: number }>;
  /** Ids in the Terraform state. */
  readonly recorded: Set<string>;
  readonly terraform: TerraformTale;
  terraformRuns: number;
  lock: Lock;
  /** Whether the lock's holder lets go at that time. */
  lockEndsAt: number | null;
  readonly faults: { readonly fault: Fault; left: number }[];
  readonly cluster: 'answers' | 'hangs' | 'refuses';
  /** Services of type LoadBalancer in the cluster, and the balancer that each made. */
  readonly services: Map<string, string>;
  readonly objects: Map<string, string>;
  /** What was deleted by somebody's request, in order. */
  readonly deleted: Thing[];
  /** Misuses that the real tools would refuse, and commands that hang for ever. A test with one of these fails. */
  readonly misuses: string[];
  /** How old each lock was that was taken away, in seconds. */
  readonly brokenLocks: number[];
  readonly calls: string[];
}

export class AwsError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

const vanish = (world: World, { id }: Thing): void => {
  const gone = world.things.get(id);
  if (gone === undefined) return;
  world.things.delete(id);
  world.gone.set(id, { thing: gone, at: world.now });
  for (const other of world.things.values()) {
    if (other.goesWith !== id) continue;
    other.state = 'deleting';
    other.goesAt ??= world.now + other.lingersSeconds;
  }
  settle(world);
};

/** Lets everything go whose time has come. */
export const settle = (world: World): void => {
  // What goes takes others along, so the next one is looked for anew.
  const due = [...world.things.values()].find(({ goesAt }) => goesAt !== null && goesAt <= world.now);
  if (due !== undefined) vanish(world, due);
  if (world.lockEndsAt !== null && world.lockEndsAt <= world.now) {
    world.lock = null;
    world.lockEndsAt = null;
  }
};

export const advance = (world: World, seconds: number): void => {
  const until = world.now + seconds;
  for (;;) {
    const next = Math.min(...[...world.things.values()].map(({ goesAt }) => goesAt ?? Number.POSITIVE_INFINITY));
    if (next > until) break;
    world.now = Math.max(world.now, next);
    settle(world);
  }
  world.now = until;
  settle(world);
};

/** What AWS answers to somebody who deletes while something still needs it. */
const IN_USE: Partial<Record<Kind, string>> = {
  cluster: 'ResourceInUseException',
  targets: 'ResourceInUse',
  volume: 'VolumeInUse',
  interface: 'InvalidNetworkInterface.InUse',
  'security-group': 'DependencyViolation',
  address: 'InvalidIPAddress.InUse',
};

const ABSENT: Partial<Record<Kind, string>> = {
  cluster: 'ResourceNotFoundException',
  nodegroup: 'ResourceNotFoundException',
  group: 'ValidationError',
  balancer: 'LoadBalancerNotFound',
  listener: 'ListenerNotFound',
  targets: 'TargetGroupNotFound',
  nat: 'NatGatewayNotFound',
  template: 'InvalidLaunchTemplateId.NotFound',
};

/** An instance that is ended while its group wants it comes back as another one. */
const relaunch = (world: World, ended: Thing): void => {
  const group = ended.fields.group;
  const wanted = typeof group === 'string' ? world.things.get(group) : undefined;
  if (wanted === undefined || wanted.state === 'deleting') return;
  const id = `${ended.id}0`;
  world.things.set(id, thing({ ...ended, id }));
};

/** Deletes as a request would. Throws AwsError as AWS would. */
export const remove = (world: World, kind: Kind, id: string): void => {
  const found = world.things.get(id);
  if (found === undefined || found.kind !== kind) throw new AwsError(ABSENT[kind] ?? 'Invalid.NotFound');
  if (found.refuses !== null) throw new AwsError(found.refuses);
  if (found.heldBy.some((holder) => world.things.has(holder)))
    throw new AwsError(IN_USE[kind] ?? 'DependencyViolation');
  if (found.state === 'deleting') return;
  world.deleted.push(found);
  found.state = 'deleting';
  found.goesAt = world.now + found.deletingSeconds;
  if (kind === 'instance') relaunch(world, found);
  // What a group runs begins to end with it, not after it.
  if (kind === 'group') {
    for (const other of world.things.values()) {
      if (other.fields.group !== id) continue;
      other.state = 'deleting';
      other.goesAt ??= world.now + other.deletingSeconds;
    }
  }
  settle(world);
};

export const existing = (world: World, kind: Kind): Thing[] =>
  [...world.things.values()].filter((each) => each.kind === kind);
/** What is left of the deployment. */
export const leftOf = (world: World): Thing[] => [...world.things.values()].filter(({ isOurs }) => isOurs);
