import { thing } from './world.ts';
import { BUILD, demoOf, messOf, NAME, OURS, type Plot } from './worlds.ts';

/** What went wrong elsewhere, and how it ends here. */

export interface Scenario {
  readonly name: string;
  /** The failures that it plays, out of FAILURES. */
  readonly plays: readonly Failure[];
  readonly plot: Plot;
  readonly args?: readonly string[];
  /** What the pipeline tells it by the input `holders_ended`. */
  readonly holdersEnded?: 'true' | 'false';
  readonly status: 0 | 1 | 2 | 3;
  readonly says: readonly RegExp[];
  readonly never?: readonly RegExp[];
}

/** Failures of others, with where they were told of, and where else than below they are tested when not here. */
export const FAILURES = {
  'load balancer made in the cluster': 'terraform-aws-eks 285, terraform-provider-kubernetes 437, gitpod 11092',
  'network interfaces left behind': 'terraform-aws-eks 2004, 2048; amazon-vpc-cni-k8s 69',
  'log group made again': 'terraform-aws-eks 920, 2486, 2763, 3465',
  'state lock stuck': 'hashicorp/terraform 28710, setup-terraform 441, atlantis 5708',
  'partial apply keeps billing': 'gitpod 11092, coder 4586, 2313',
  'destroy never ends': 'okteto 3132, gitlab-org/gitlab 363197',
  'destroyed, but nothing was': 'okteto 2343, kamp-us/phoenix 813',
  'ends with 0 and billing goes on': 'innovation-sandbox-on-aws 160, 148',
  'one thing that cannot be deleted': 'innovation-sandbox-on-aws 101',
  'the clean-up has no right': 'innovation-sandbox-on-aws 189',
  'one failure stops the rest': 'Optum/dce 368, 344',
  'two clean-ups at once': 'thunderbird/thunderbolt 548',
  'volumes survive the cluster': 'Smana/cloud-native-ref 1669, global-capacity-orchestrator-on-aws 268',
  'credentials end in the middle': 'hashicorp/terraform 5927, terraform-provider-aws 1307',
  'the log tells too much': 'terraform-github-actions 219, runner 2265',
} as const;
export type Failure = keyof typeof FAILURES;

const all = [...demoOf(BUILD), ...messOf(BUILD)];
const nothing = (): boolean => false;
const fails = (on: string, code: string, times = 999) => ({ on, times, does: { code } }) as const;
const stuck = (id: string, code = 'OperationNotPermitted') =>
  demoOf(BUILD).map((each) => (each.id === id ? thing({ ...each, refuses: code }) : each));

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'all is well',
    plays: [],
    plot: {},
    status: 0,
    says: [/^drain: done$/m, /Destroy complete/, /^inventory: empty$/m],
  },
  {
    name: 'nothing was ever built',
    plays: [],
    plot: { ours: [] },
    status: 0,
    says: [/no cluster to drain/, /^inventory: empty$/m],
  },
  {
    name: 'a controller made a load balancer, interfaces and groups in the cluster',
    plays: ['load balancer made in the cluster', 'network interfaces left behind', 'volumes survive the cluster'],
    plot: {
      ours: all,
      services: { web: messOf(BUILD).find(({ kind }) => kind === 'balancer')?.id ?? '' },
      terraform: { destroy: 'fails-half-way' },
    },
    status: 0,
    says: [/did not destroy everything/, /^sweep: deleting ec2:volume vol-a7$/m, /^inventory: empty$/m],
  },
  {
    name: 'the same, and the cluster does not answer',
    plays: ['load balancer made in the cluster', 'destroy never ends'],
    plot: { ours: all, cluster: 'hangs', terraform: { destroy: 'fails-half-way' } },
    status: 0,
    says: [/the namespace stays/, /loadbalancer\/net\/k8s-default-web-a/, /^inventory: empty$/m],
  },
  {
    name: 'the cluster lets nobody in',
    plays: ['the clean-up has no right'],
    plot: { cluster: 'refuses' },
    status: 0,
    says: [/namespace stays/],
  },
  {
    name: 'the apply was killed before its state was written',
    plays: ['partial apply keeps billing'],
    plot: { recorded: nothing, terraform: { destroy: 'finds-nothing' } },
    status: 0,
    says: [/Resources: 0 destroyed/, /^sweep: deleting eks:cluster demo-/m, /^inventory: empty$/m],
  },
  {
    name: 'a cluster half built, which no list shows yet',
    plays: ['partial apply keeps billing'],
    plot: {
      ours: [thing({ kind: 'cluster', id: NAME, isOurs: true, fields: { unlisted: true }, deletingSeconds: 200 })],
      recorded: nothing,
    },
    status: 0,
    says: [/^sweep: deleting eks:cluster/m],
  },
  {
    name: 'the state cannot be read',
    plays: ['destroyed, but nothing was'],
    plot: { terraform: { destroy: 'fails-at-once' } },
    status: 0,
    says: [/Failed to load state/, /^sweep: deleting autoscaling:/m, /^inventory: empty$/m],
  },
  {
    name: 'there is no provider',
    plays: ['destroyed, but nothing was'],
    plot: { terraform: { init: 'fails' } },
    status: 0,
    says: [/does without/],
  },
  {
    name: 'init hangs',
    plays: ['destroy never ends'],
    plot: { terraform: { init: 'hangs' } },
    status: 0,
    says: [/does without/],
  },
  {
    name: 'Terraform hangs, and leaves its lock',
    plays: ['destroy never ends', 'state lock stuck'],
    plot: { terraform: { destroy: 'hangs' } },
    status: 0,
    says: [/did not destroy everything/, /not emptied/, /^inventory: empty$/m],
  },
  {
    name: 'Terraform ends well and leaves half',
    plays: ['destroyed, but nothing was', 'ends with 0 and billing goes on'],
    plot: { terraform: { destroy: 'ends-well-and-leaves' } },
    status: 0,
    says: [/Destroy complete/, /^sweep: deleting/m],
  },
  {
    name: 'somebody holds the state, and may be at work',
    plays: ['state lock stuck', 'two clean-ups at once'],
    plot: { lock: { ageMinutes: 20 } },
    status: 3,
    says: [/^lock: 30 minutes old, its holder may be at work$/m, /^left: eks:cluster demo-/m, /nothing was deleted/],
    never: [/^sweep:/m],
  },
  {
    name: 'a lock that becomes too old while it is waited for',
    plays: ['state lock stuck'],
    plot: { lock: { ageMinutes: 66 } },
    status: 0,
    says: [/^lock: 76 minutes old, and nobody holds it any more: broken$/m, /^inventory: empty$/m],
  },
  {
    name: 'a lock that is not yet too old after it was waited for',
    plays: ['state lock stuck'],
    plot: { lock: { ageMinutes: 64 } },
    status: 3,
    says: [/^lock: 74 minutes old, its holder may be at work$/m],
  },
  {
    name: 'a young lock, and every holder is known to have ended',
    plays: ['state lock stuck'],
    plot: { lock: { ageMinutes: 2 } },
    args: ['--holders-ended'],
    status: 0,
    says: [/broken$/m, /^inventory: empty$/m],
  },
  {
    name: 'a young lock, and the pipeline says that every holder has ended',
    plays: ['state lock stuck'],
    plot: { lock: { ageMinutes: 2 } },
    holdersEnded: 'true',
    status: 0,
    says: [/^lock: 12 minutes old, and nobody holds it any more: broken$/m, /^inventory: empty$/m],
  },
  {
    name: 'a young lock, and the pipeline says nothing of its holders',
    plays: ['state lock stuck'],
    plot: { lock: { ageMinutes: 2 } },
    holdersEnded: 'false',
    status: 3,
    says: [/^lock: 12 minutes old, its holder may be at work$/m, /nothing was deleted/],
  },
  {
    name: 'a lock whose holder ends in time',
    plays: ['state lock stuck', 'two clean-ups at once'],
    plot: { lock: { ageMinutes: 5, endsInMinutes: 6 } },
    status: 0,
    says: [/^inventory: empty$/m],
    never: [/broken/],
  },
  {
    name: 'an old lock that may not be looked at',
    plays: ['state lock stuck', 'the clean-up has no right'],
    plot: { lock: { ageMinutes: 90 }, faults: [fails('s3api head-object', '403')] },
    status: 3,
    says: [/^lock: cannot be looked at: 403$/m],
  },
  {
    name: 'an old lock that another one took in the very moment',
    plays: ['state lock stuck', 'two clean-ups at once'],
    plot: { lock: { ageMinutes: 90 }, faults: [fails('s3api delete-object', 'PreconditionFailed', 1)] },
    status: 3,
    says: [/^lock: not broken: PreconditionFailed$/m],
  },
  {
    name: 'a load balancer under protection',
    plays: ['one thing that cannot be deleted', 'one failure stops the rest'],
    plot: { recorded: nothing, ours: stuck(demoOf(BUILD).find(({ kind }) => kind === 'balancer')?.id ?? '') },
    status: 1,
    says: [
      /cannot delete elasticloadbalancing:loadbalancer .*: OperationNotPermitted/,
      /^left: elasticloadbalancing:loadbalancer/m,
      /nothing has changed in/,
    ],
  },
  {
    name: 'no right to delete instances',
    plays: ['the clean-up has no right', 'one failure stops the rest'],
    plot: {
      recorded: nothing,
      ours: [...demoOf(BUILD), thing({ kind: 'instance', id: 'i-b9', isOurs: true, tags: { deployment_id: OURS } })],
      faults: [fails('ec2 terminate-instances', 'UnauthorizedOperation')],
    },
    status: 1,
    says: [/^left: ec2:instance i-b9 \(running\)$/m],
  },
  {
    name: 'no right to look at volumes',
    plays: ['the clean-up has no right', 'ends with 0 and billing goes on'],
    plot: { faults: [fails('ec2 describe-volumes', 'UnauthorizedOperation')] },
    status: 2,
    says: [/^unknown: ec2:volume: UnauthorizedOperation$/m, /unknown, which is not empty/],
  },
  {
    name: 'no right to look at the DNS zone',
    plays: ['the clean-up has no right'],
    plot: { faults: [fails('route53 ', 'AccessDenied')] },
    status: 0,
    says: [/^the DNS record cannot be looked at: AccessDenied$/m, /^inventory: empty$/m],
  },
  {
    name: 'throttled for a while',
    plays: ['one failure stops the rest'],
    plot: { faults: [fails('ec2 describe-', 'RequestLimitExceeded', 9), fails('eks ', 'ThrottlingException', 4)] },
    status: 0,
    says: [/^inventory: empty$/m],
  },
  {
    name: 'throttled for ever',
    plays: ['ends with 0 and billing goes on'],
    plot: { faults: [fails('elbv2 describe-load-balancers', 'Throttling')] },
    status: 2,
    says: [/^unknown: elasticloadbalancing:loadbalancer: Throttling$/m],
  },
  {
    name: 'a list that breaks off in the middle',
    plays: ['ends with 0 and billing goes on'],
    plot: { faults: [{ on: 'ec2 describe-network-interfaces', times: 999, does: 'partial' }] },
    status: 2,
    says: [/^unknown: ec2:network-interface: aws ended with 255$/m],
  },
  {
    name: 'a request that never comes back',
    plays: ['destroy never ends'],
    plot: { faults: [{ on: 'ec2 describe-instances', times: 2, does: 'hang' }] },
    status: 0,
    says: [/^inventory: empty$/m],
  },
  {
    name: 'AWS answers nothing at all',
    plays: ['destroy never ends'],
    plot: { recorded: nothing, faults: [{ on: '', times: 9_999, does: 'hang' }] },
    status: 2,
    says: [/^drain: no cluster to drain \(no answer within 60 s\)$/m, /^unknown: ec2:volume: no answer within 10 s$/m],
  },
  {
    name: 'the credentials end in the middle',
    plays: ['credentials end in the middle', 'the log tells too much'],
    plot: {
      recorded: nothing,
      faults: [fails('ec2 ', 'ExpiredToken'), fails('eks ', 'ExpiredTokenException'), fails('elbv2 ', 'ExpiredToken')],
    },
    status: 2,
    says: [/^unknown: ec2:instance: ExpiredToken$/m],
  },
  {
    name: 'another destroyer is faster',
    plays: ['two clean-ups at once'],
    plot: {
      recorded: nothing,
      faults: [
        fails('ec2 delete-launch-template', 'InvalidLaunchTemplateId.NotFound', 1),
        fails('elbv2 delete-listener', 'ListenerNotFound', 1),
      ],
    },
    status: 0,
    says: [/^inventory: empty$/m],
    never: [/NotFound/],
  },
  {
    name: 'a log group with our tag, which nothing here deletes',
    plays: ['log group made again'],
    plot: {
      ours: [
        ...demoOf(BUILD),
        thing({ kind: 'stranger', id: `/aws/eks/${NAME}/cluster`, isOurs: true, tags: { deployment_id: OURS } }),
      ],
    },
    status: 2,
    says: [/^unknown: logs:log-group: tagged as ours, and nothing here knows this kind$/m],
  },
  {
    name: 'the wrong account or region',
    plays: ['ends with 0 and billing goes on'],
    plot: { ours: [], withoutLandmark: true },
    status: 2,
    says: [/^unknown: landmark: no security group of the installation demo-table/m],
  },
  {
    name: 'tags that break the table',
    plays: ['ends with 0 and billing goes on'],
    plot: {
      others: [thing({ kind: 'volume', id: 'vol-odd', isOurs: false, tags: { Name: 'a\tb', deployment_id: 'x\ty' } })],
    },
    status: 2,
    says: [/^unknown: ec2:volume: a row that cannot be read$/m],
  },
  {
    name: 'a tag without a value, and a name that is ours',
    plays: ['partial apply keeps billing'],
    plot: {
      ours: [thing({ kind: 'volume', id: 'vol-empty', isOurs: true, tags: { deployment_id: '', Name: NAME } })],
      recorded: nothing,
    },
    status: 0,
    says: [/^sweep: deleting ec2:volume vol-empty$/m],
  },
];
