import type { Json } from './jmespath.ts';
import { AwsError, existing, type Kind, remove, type Thing, type World } from './world.ts';

/** What the stub of AWS's tool knows: documents shaped as AWS gives them, and the options that the real tool takes. */

export type Options = ReadonlyMap<string, readonly string[]>;
type Operation = {
  /** Options of the real tool; another one is a misuse. */
  readonly takes: readonly string[];
  readonly needs?: readonly string[];
  readonly run: (world: World, options: Options) => Json;
};

export const option = (options: Options, name: string): string => options.get(name)?.[0] ?? '';

const tagList = ({ tags }: Thing): Json => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
/** Untagged things come without the list in some services, with an empty one in others. */
const withTags = (each: Thing, document: { readonly [key: string]: Json }): Json =>
  Object.keys(each.tags).length === 0 && each.id.length % 2 === 0 ? document : { ...document, Tags: tagList(each) };

const list =
  (key: string, kind: Kind, documentOf: (each: Thing) => Json): Operation['run'] =>
  (world) => ({
    [key]: existing(world, kind).map(documentOf),
  });

const deleting = (kind: Kind, name: string, idOf = (options: Options): string => option(options, name)): Operation => ({
  takes: [name],
  needs: [name],
  run: (world, options) => {
    remove(world, kind, idOf(options));
    return {};
  },
});

const only = (world: World, kind: Kind, id: string, code: string): Thing => {
  const found = world.things.get(id);
  if (found?.kind !== kind) throw new AwsError(code);
  return found;
};

const terminated = (world: World): Json[] =>
  [...world.gone.values()]
    .filter(({ thing, at }) => thing.kind === 'instance' && world.now - at < 3_600)
    .map(({ thing }) => withTags(thing, { InstanceId: thing.id, State: { Name: 'terminated' } }));

const MANAGED = '--include-managed-resources';

const EC2: Readonly<Record<string, Operation>> = {
  'describe-instances': {
    takes: [MANAGED],
    run: (world) => {
      const there = existing(world, 'instance').map((each) =>
        withTags(each, { InstanceId: each.id, State: { Name: each.state === 'there' ? 'running' : 'shutting-down' } }),
      );
      return { Reservations: [...there, ...terminated(world)].map((instance) => ({ Instances: [instance] })) };
    },
  },
  'describe-launch-templates': {
    takes: [MANAGED],
    run: list('LaunchTemplates', 'template', (each) =>
      withTags(each, { LaunchTemplateId: each.id, LaunchTemplateName: each.fields.name ?? null }),
    ),
  },
  'describe-nat-gateways': {
    takes: [],
    run: list('NatGateways', 'nat', (each) =>
      withTags(each, { NatGatewayId: each.id, State: each.state === 'there' ? 'available' : 'deleting' }),
    ),
  },
  'describe-volumes': {
    takes: [MANAGED],
    run: (world) => ({
      Volumes: existing(world, 'volume').map((each) =>
        withTags(each, {
          VolumeId: each.id,
          State: each.heldBy.some((id) => world.things.has(id)) ? 'in-use' : 'available',
        }),
      ),
    }),
  },
  'describe-network-interfaces': {
    takes: [MANAGED],
    run: (world) => ({
      NetworkInterfaces: existing(world, 'interface').map((each) => ({
        NetworkInterfaceId: each.id,
        Status: each.heldBy.some((id) => world.things.has(id)) ? 'in-use' : 'available',
        Description: each.fields.description ?? '',
        TagSet: tagList(each),
      })),
    }),
  },
  'describe-addresses': {
    takes: [],
    run: list('Addresses', 'address', (each) => withTags(each, { AllocationId: each.id, PublicIp: '192.0.2.1' })),
  },
  'describe-security-groups': {
    takes: ['--filters'],
    run: (world, options) => {
      const filter = option(options, '--filters');
      const [, key = '', value = ''] = /^Name=tag:([\w-]+),Values=(.+)$/.exec(filter) ?? [];
      if (filter !== '' && key === '') throw new Error(`a filter that is not understood: ${filter}`);
      const groups = existing(world, 'security-group').filter(({ tags }) => key === '' || tags[key] === value);
      return {
        SecurityGroups: groups.map((each) => withTags(each, { GroupId: each.id, GroupName: each.fields.name ?? null })),
      };
    },
  },
  'describe-security-group-rules': {
    takes: [],
    run: list('SecurityGroupRules', 'rule', (each) =>
      withTags(each, {
        SecurityGroupRuleId: each.id,
        GroupId: each.fields.group ?? null,
        IsEgress: each.fields.egress ?? false,
      }),
    ),
  },
  'terminate-instances': deleting('instance', '--instance-ids'),
  'delete-launch-template': deleting('template', '--launch-template-id'),
  'delete-nat-gateway': deleting('nat', '--nat-gateway-id'),
  'delete-network-interface': deleting('interface', '--network-interface-id'),
  'delete-volume': deleting('volume', '--volume-id'),
  'delete-security-group': deleting('security-group', '--group-id'),
  'release-address': deleting('address', '--allocation-id'),
  'revoke-security-group-ingress': revoking(false),
  'revoke-security-group-egress': revoking(true),
};

function revoking(egress: boolean): Operation {
  return {
    takes: ['--group-id', '--security-group-rule-ids'],
    needs: ['--group-id', '--security-group-rule-ids'],
    run: (world, options) => {
      const rule = only(
        world,
        'rule',
        option(options, '--security-group-rule-ids'),
        'InvalidSecurityGroupRuleId.NotFound',
      );
      if (rule.fields.group !== option(options, '--group-id') || (rule.fields.egress ?? false) !== egress) {
        throw new AwsError('InvalidSecurityGroupRuleId.NotFound');
      }
      remove(world, 'rule', rule.id);
      return {};
    },
  };
}

const nodegroupId = (options: Options): string =>
  `${option(options, '--cluster-name')}/${option(options, '--nodegroup-name')}`;
const status = ({ state }: Thing): string => (state === 'there' ? 'ACTIVE' : 'DELETING');

const EKS: Readonly<Record<string, Operation>> = {
  // A list lags: what is very new is not in it, but can be asked for.
  'list-clusters': {
    takes: [],
    run: (world) => ({
      clusters: existing(world, 'cluster')
        .filter(({ fields }) => fields.unlisted !== true)
        .map(({ id }) => id),
    }),
  },
  'describe-cluster': {
    takes: ['--name'],
    needs: ['--name'],
    run: (world, options) => {
      const found = only(world, 'cluster', option(options, '--name'), 'ResourceNotFoundException');
      return { cluster: { name: found.id, status: status(found), tags: { ...found.tags } } };
    },
  },
  'list-nodegroups': {
    takes: ['--cluster-name'],
    needs: ['--cluster-name'],
    run: (world, options) => {
      const cluster = only(world, 'cluster', option(options, '--cluster-name'), 'ResourceNotFoundException').id;
      const ids = existing(world, 'nodegroup').map(({ id }) => id.split('/'));
      return { nodegroups: ids.flatMap(([of, name = '']) => (of === cluster ? [name] : [])) };
    },
  },
  'describe-nodegroup': {
    takes: ['--cluster-name', '--nodegroup-name'],
    needs: ['--cluster-name', '--nodegroup-name'],
    run: (world, options) => {
      const found = only(world, 'nodegroup', nodegroupId(options), 'ResourceNotFoundException');
      return { nodegroup: { status: status(found), tags: { ...found.tags } } };
    },
  },
  'delete-cluster': deleting('cluster', '--name'),
  'delete-nodegroup': {
    ...deleting('nodegroup', '--nodegroup-name', nodegroupId),
    takes: ['--cluster-name', '--nodegroup-name'],
  },
  'update-kubeconfig': {
    takes: ['--name', '--kubeconfig', '--region'],
    needs: ['--name'],
    run: (world, options) => {
      only(world, 'cluster', option(options, '--name'), 'ResourceNotFoundException');
      return {};
    },
  },
};

const MAX_ARNS = 20;

const ELB: Readonly<Record<string, Operation>> = {
  'describe-load-balancers': {
    takes: [],
    run: list('LoadBalancers', 'balancer', ({ id }) => ({ LoadBalancerArn: id })),
  },
  'describe-target-groups': { takes: [], run: list('TargetGroups', 'targets', ({ id }) => ({ TargetGroupArn: id })) },
  'describe-listeners': {
    takes: ['--load-balancer-arn'],
    needs: ['--load-balancer-arn'],
    run: (world, options) => {
      const { id } = only(world, 'balancer', option(options, '--load-balancer-arn'), 'LoadBalancerNotFound');
      const listeners = existing(world, 'listener').filter(({ goesWith }) => goesWith === id);
      return { Listeners: listeners.map((each) => ({ ListenerArn: each.id, LoadBalancerArn: id })) };
    },
  },
  'describe-tags': {
    takes: ['--resource-arns'],
    needs: ['--resource-arns'],
    run: (world, options) => {
      const arns = options.get('--resource-arns') ?? [];
      if (arns.length > MAX_ARNS) throw new AwsError('ValidationError');
      return {
        TagDescriptions: arns.map((arn) => {
          const found = world.things.get(arn);
          if (found === undefined) throw new AwsError('LoadBalancerNotFound');
          return { ResourceArn: arn, Tags: tagList(found) };
        }),
      };
    },
  },
  'delete-load-balancer': deleting('balancer', '--load-balancer-arn'),
  'delete-listener': deleting('listener', '--listener-arn'),
  'delete-target-group': deleting('targets', '--target-group-arn'),
};

const ARN_TYPES: Partial<Record<Kind, string>> = {
  cluster: 'eks:us-east-1:111122223333:cluster/',
  instance: 'ec2:us-east-1:111122223333:instance/',
  volume: 'ec2:us-east-1:111122223333:volume/',
  group:
    'autoscaling:us-east-1:111122223333:autoScalingGroup:00000000-0000-4000-8000-000000000000:autoScalingGroupName/',
  'security-group': 'ec2:us-east-1:111122223333:security-group/',
  stranger: 'logs:us-east-1:111122223333:log-group:',
};
const arnOf = ({ kind, id }: Thing): string =>
  id.startsWith('arn:') ? id : `arn:aws:${ARN_TYPES[kind] ?? `ec2:::${kind}/`}${id}`;
const TAGGED: readonly Kind[] = [
  'cluster',
  'instance',
  'volume',
  'group',
  'security-group',
  'stranger',
  'balancer',
  'targets',
];

const recordSet = (each: Thing): Json => ({
  Name: each.id,
  Type: 'A',
  AliasTarget: { DNSName: 'lb.example.com.', EvaluateTargetHealth: false, HostedZoneId: 'Z2' },
});

const OTHERS: Readonly<Record<string, Operation>> = {
  'autoscaling describe-auto-scaling-groups': {
    takes: [],
    run: list('AutoScalingGroups', 'group', (each) =>
      withTags(each, {
        AutoScalingGroupName: each.id,
        ...(each.state === 'there' ? {} : { Status: 'Delete in progress' }),
      }),
    ),
  },
  'autoscaling delete-auto-scaling-group': {
    ...deleting('group', '--auto-scaling-group-name'),
    takes: ['--auto-scaling-group-name', '--force-delete'],
    needs: ['--auto-scaling-group-name', '--force-delete'],
  },
  // It goes on to name what is gone.
  'resourcegroupstaggingapi get-resources': {
    takes: ['--tag-filters'],
    needs: ['--tag-filters'],
    run: (world, options) => {
      const [, id = ''] = /^Key=deployment_id,Values=(.+)$/.exec(option(options, '--tag-filters')) ?? [];
      const all = [...world.things.values(), ...[...world.gone.values()].map(({ thing }) => thing)];
      const tagged = all.filter(({ kind, tags }) => TAGGED.includes(kind) && tags.deployment_id === id);
      return { ResourceTagMappingList: tagged.map((each) => ({ ResourceARN: arnOf(each), Tags: tagList(each) })) };
    },
  },
  'route53 list-resource-record-sets': {
    takes: ['--hosted-zone-id', '--start-record-name', '--no-paginate'],
    needs: ['--hosted-zone-id', '--start-record-name', '--no-paginate'],
    run: list('ResourceRecordSets', 'record', recordSet),
  },
  'route53 change-resource-record-sets': {
    takes: ['--hosted-zone-id', '--change-batch'],
    needs: ['--hosted-zone-id', '--change-batch'],
    run: (world, options) => {
      const batch = JSON.parse(option(options, '--change-batch')) as {
        readonly Changes: readonly { readonly Action: string; readonly ResourceRecordSet: { readonly Name: string } }[];
      };
      for (const { Action, ResourceRecordSet } of batch.Changes) {
        const found = world.things.get(ResourceRecordSet.Name);
        // Only exactly what stands there can be deleted.
        const isExact = found !== undefined && JSON.stringify(recordSet(found)) === JSON.stringify(ResourceRecordSet);
        if (Action !== 'DELETE' || !isExact) throw new AwsError('InvalidChangeBatch');
        remove(world, 'record', found.id);
      }
      return {};
    },
  },
  's3api head-object': {
    takes: ['--bucket', '--key'],
    needs: ['--bucket', '--key'],
    run: (world, options) => {
      if (option(options, '--key') !== `demo/${world.deploymentId}/terraform.tfstate.tflock` || world.lock === null) {
        throw new AwsError('404');
      }
      return { LastModified: new Date(world.lock.takenAt * 1_000).toISOString(), ETag: `"${world.lock.etag}"` };
    },
  },
  's3api delete-object': {
    takes: ['--bucket', '--key', '--if-match'],
    needs: ['--bucket', '--key', '--if-match'],
    run: (world, options) => {
      if (`"${world.lock?.etag}"` !== option(options, '--if-match')) throw new AwsError('PreconditionFailed');
      world.brokenLocks.push(world.now - (world.lock?.takenAt ?? world.now));
      world.lock = null;
      world.lockEndsAt = null;
      return {};
    },
  },
  's3api put-object': {
    takes: ['--bucket', '--key', '--body', '--if-none-match'],
    needs: ['--bucket', '--key', '--body', '--if-none-match'],
    run: (world, options) => {
      if (world.objects.has(option(options, '--key'))) throw new AwsError('PreconditionFailed');
      world.objects.set(option(options, '--key'), option(options, '--body'));
      return {};
    },
  },
};

const prefixed = (service: string, operations: Readonly<Record<string, Operation>>) =>
  Object.entries(operations).map(([name, operation]) => [`${service} ${name}`, operation] as const);

export const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ...prefixed('ec2', EC2),
  ...prefixed('eks', EKS),
  ...prefixed('elbv2', ELB),
  ...Object.entries(OTHERS),
]);
