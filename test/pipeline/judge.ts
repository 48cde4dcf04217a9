import type { Run } from './run-script.ts';
import { leftOf, type Thing, type World } from './world.ts';

/** What destroy.sh promises, whatever happens to it. */

/** The script's own budget, and the longest that what it began last may take after it. */
const MAX_SECONDS = 2_040 + 300;
const STALE_LOCK_SECONDS = 4_500;
const ACCOUNT = '111122223333';

const KIND_NAMES: Readonly<Record<Thing['kind'], string>> = {
  cluster: 'eks:cluster',
  nodegroup: 'eks:nodegroup',
  group: 'autoscaling:autoScalingGroup',
  instance: 'ec2:instance',
  template: 'ec2:launch-template',
  balancer: 'elasticloadbalancing:loadbalancer',
  listener: 'elasticloadbalancing:listener',
  targets: 'elasticloadbalancing:targetgroup',
  nat: 'ec2:natgateway',
  volume: 'ec2:volume',
  interface: 'ec2:network-interface',
  address: 'ec2:elastic-ip',
  'security-group': 'ec2:security-group',
  rule: 'ec2:security-group-rule',
  record: 'route53:record',
  stranger: 'logs:log-group',
};

/** What goes with something that is not known was not looked at either. */
const MAKERS: Partial<Record<Thing['kind'], string>> = {
  nodegroup: 'eks:cluster',
  listener: 'elasticloadbalancing:loadbalancer',
  rule: 'ec2:security-group',
  interface: 'ec2:instance',
};

const UNSEEN_RECORD = 'the DNS record cannot be looked at: ';

/** Whether the last lines name it, or say that its kind could not be read. */
const isNamed = (each: Thing, output: string): boolean => {
  const name = KIND_NAMES[each.kind];
  const shown = each.id.split(':').at(-1) ?? each.id;
  const unknown = [name, MAKERS[each.kind]].some((kind) => kind !== undefined && output.includes(`unknown: ${kind}: `));
  return unknown || output.includes(`left: ${name} ${shown}`);
};

export interface Circumstances {
  /** Things that were there before and are nobody's business. */
  readonly before: ReadonlyMap<string, Thing>;
  /** Whether the script was told that every holder of the lock has ended. */
  readonly isTold?: boolean;
}

/** The promises that this run broke, in words; none when all is well. */
export const brokenPromises = (world: World, run: Run, { before, isTold = false }: Circumstances): string[] => {
  // Nobody may look at it, so nobody can miss it; it costs nothing.
  const isUnseen = ({ kind }: Thing): boolean => kind === 'record' && run.output.includes(UNSEEN_RECORD);
  const left = leftOf(world).filter((each) => !isUnseen(each));
  const others = [...before.values()].filter(({ isOurs }) => !isOurs);
  const isTouched = (each: Thing): boolean => world.things.get(each.id)?.state !== 'there';
  const broken: string[] = [];
  const check = (isKept: boolean, text: string): void => {
    if (!isKept) broken.push(text);
  };
  check(run.status !== null && [0, 1, 2, 3].includes(run.status), `ended with ${run.status}`);
  check(run.status !== 0 || left.length === 0, `said 0 and left ${left.map(({ id }) => id).join(', ')}`);
  check(run.status !== 0 || /^inventory: empty$/m.test(run.output), 'said 0 without an inventory');
  check(
    run.status === 0 || /^inventory: (\d+ left|unknown, .+|empty)$/m.test(run.output),
    'failed without an inventory',
  );
  if (run.status !== 0)
    for (const each of left) check(isNamed(each, run.output), `left ${each.id} and did not name it`);
  check(
    !others.some(isTouched),
    `touched ${others
      .filter(isTouched)
      .map(({ id }) => id)
      .join(', ')}`,
  );
  check(
    world.deleted.every(({ isOurs }) => isOurs),
    'deleted what is not ours',
  );
  check(isTold || world.brokenLocks.every((age) => age > STALE_LOCK_SECONDS), 'broke a lock whose holder may live');
  check(run.seconds <= MAX_SECONDS, `took ${run.seconds} s`);
  check(world.misuses.length === 0, `misused ${world.misuses.join('; ')}`);
  check(!run.output.includes(ACCOUNT), 'told the account');
  return broken;
};
