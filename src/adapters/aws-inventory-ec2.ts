import {
  DescribeInstancesCommand,
  DescribeLaunchTemplatesCommand,
  DescribeVolumesCommand,
  type EC2Client,
  type Filter,
  type Instance,
  type LaunchTemplate,
  type Reservation,
  type Volume,
} from '@aws-sdk/client-ec2';
import type { InventoryAction } from './aws-inventory-actions.ts';
import { autoScalingGroupKey, nodegroupInTags } from './aws-inventory-auto-scaling.ts';
import { type AwsCalls, listOf, type Page } from './aws-inventory-calls.ts';
import {
  CLUSTER_KEY_PREFIX,
  type Found,
  type FoundState,
  foundThing,
  keyOf,
  type Question,
  type ResourceKind,
  type Scope,
  TAG_KEY,
  tagOf,
} from './aws-inventory-kind.ts';

const INSTANCE = 'ec2:instance';

/** A filter takes 200 values at most (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html). */
const VALUES_PER_FILTER = 100;

/** Allowed by every list here that has pages at all. */
export const PAGE_SIZE = 200;

/** The values in filters of that name, as few as they fit into. */
export const filtersFor = (name: string, values: readonly string[]): readonly Filter[] =>
  Array.from({ length: Math.ceil(values.length / VALUES_PER_FILTER) }, (_, index) => ({
    Name: name,
    Values: values.slice(index * VALUES_PER_FILTER, (index + 1) * VALUES_PER_FILTER),
  }));

/** The filter for the tag with the deployment's id. A wildcard is a value that every list knows, unlike `tag-key`. */
const byTag = ({ deploymentId }: Scope): Filter => ({ Name: `tag:${TAG_KEY}`, Values: [deploymentId ?? '*'] });

export type SendPage<Item> = (
  ec2: EC2Client,
  filter: Filter,
  options: { readonly abortSignal: AbortSignal; readonly NextToken: string | undefined },
) => Promise<Page<Item>>;

/**
 * A kind of EC2, whose lists all have filters. Each mark is asked for by itself, as filters of several names would all
 * have to match. Values may hold wildcards
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html).
 */
export const ec2Kind = <Item>(spec: {
  readonly type: string;
  readonly arnTypes?: readonly string[];
  readonly action: InventoryAction;
  /** Filters in which a derived name may stand, besides the tag `Name`. */
  readonly nameFilters?: readonly string[];
  /** Whether Kubernetes may have made it, or EKS. */
  readonly hasClusterKey?: boolean;
  /** The filter for ids; without one `describeOne` asks. */
  readonly idFilter?: string;
  send: SendPage<Item>;
  describeOne?(calls: AwsCalls, ec2: EC2Client, id: string): Promise<readonly Item[]>;
  /** Further filters that need to know what was found before. */
  following?(question: Question): readonly Filter[];
  found(item: Item, question: Question): Found;
}): ResourceKind => ({
  type: spec.type,
  arnTypes: spec.arnTypes ?? [spec.type],
  idOf: ({ resource }) => resource,

  async find(question) {
    const { calls, clients, scope, nominated } = question;
    const { idFilter, describeOne, nameFilters = [] } = spec;
    const filters: readonly Filter[] = [
      byTag(scope),
      ...['tag:Name', ...nameFilters].map((Name) => ({ Name, Values: [scope.pattern] })),
      ...(spec.hasClusterKey ? [{ Name: 'tag-key', Values: [`${CLUSTER_KEY_PREFIX}${scope.pattern}`] }] : []),
      ...(idFilter === undefined ? [] : filtersFor(idFilter, nominated)),
      ...(spec.following?.(question) ?? []),
    ];
    const lists = filters.map((filter) =>
      calls.pages(spec.action, (abortSignal, NextToken) => spec.send(clients.ec2, filter, { abortSignal, NextToken })),
    );
    const single = describeOne ? nominated.map((id) => describeOne(calls, clients.ec2, id)) : [];
    const items = (await Promise.all([...lists, ...single])).flat();
    const found = items.map((item) => spec.found(item, question));
    return [...new Map(found.map((thing) => [thing.id, thing])).values()];
  },
});

const INSTANCE_STATES: Readonly<Record<string, FoundState>> = { 'shutting-down': 'deleting', terminated: 'gone' };

/** Undefined, that is unreadable, when any reservation comes without its instances. */
const instancesIn = (reservations: readonly Reservation[] | undefined): readonly Instance[] | undefined => {
  const lists = reservations?.map(({ Instances }) => Instances);
  return lists?.every((list) => list !== undefined) ? lists.flat() : undefined;
};

export const instanceKey = (id: string): string => keyOf(INSTANCE, id);

/** Those that AWS manages are asked for too: an account may hide them, and they cost all the same (ADR 0017). */
export const instance = ec2Kind<Instance>({
  type: INSTANCE,
  action: 'ec2:DescribeInstances',
  idFilter: 'instance-id',
  nameFilters: ['tag:eks:cluster-name', 'tag:aws:eks:cluster-name'],
  hasClusterKey: true,
  send: async (ec2, filter, { abortSignal, NextToken }) => {
    const command = new DescribeInstancesCommand({
      Filters: [filter],
      MaxResults: PAGE_SIZE,
      NextToken,
      IncludeManagedResources: true,
    });
    const answer = await ec2.send(command, { abortSignal });
    return { items: instancesIn(answer.Reservations), next: answer.NextToken };
  },
  found: ({ InstanceId, State, Tags }) => {
    const group = tagOf(Tags, 'aws:autoscaling:groupName');
    return foundThing({
      kind: INSTANCE,
      id: InstanceId,
      tags: Tags,
      state: INSTANCE_STATES[State?.Name ?? ''] ?? 'there',
      goesWith: group === null ? [] : [autoScalingGroupKey(group)],
    });
  },
});

/** A list by id answers with an error if one of them is gone, and there is no filter for ids: so one at a time. */
export const launchTemplate = ec2Kind<LaunchTemplate>({
  type: 'ec2:launch-template',
  action: 'ec2:DescribeLaunchTemplates',
  nameFilters: ['launch-template-name', 'tag:eks:cluster-name'],
  send: async (ec2, filter, { abortSignal, NextToken }) => {
    const command = new DescribeLaunchTemplatesCommand({
      Filters: [filter],
      MaxResults: PAGE_SIZE,
      NextToken,
      IncludeManagedResources: true,
    });
    const answer = await ec2.send(command, { abortSignal });
    return { items: answer.LaunchTemplates, next: answer.NextToken };
  },
  describeOne: async (calls, ec2, id) => {
    const command = new DescribeLaunchTemplatesCommand({ LaunchTemplateIds: [id], IncludeManagedResources: true });
    const absent = ['InvalidLaunchTemplateId.NotFound', 'InvalidLaunchTemplateId.NotFoundException'];
    const action = 'ec2:DescribeLaunchTemplates';
    const answer = await calls.askOrAbsent(action, absent, (abortSignal) => ec2.send(command, { abortSignal }));
    return answer === null ? [] : listOf(action, answer.LaunchTemplates);
  },
  found: ({ LaunchTemplateId, LaunchTemplateName, Tags }) =>
    foundThing({
      kind: 'ec2:launch-template',
      id: LaunchTemplateId,
      tags: Tags,
      names: [LaunchTemplateName],
      goesWith: nodegroupInTags(Tags),
    }),
});

const VOLUME_STATES: Readonly<Record<string, FoundState>> = { deleting: 'deleting', deleted: 'gone' };

/** One that outlives its instance goes with nothing. */
const instancesOf = ({ Attachments = [] }: Volume): readonly string[] =>
  Attachments.flatMap(({ InstanceId, DeleteOnTermination }) =>
    InstanceId !== undefined && DeleteOnTermination === true ? [instanceKey(InstanceId)] : [],
  );

export const volume = ec2Kind<Volume>({
  type: 'ec2:volume',
  action: 'ec2:DescribeVolumes',
  idFilter: 'volume-id',
  nameFilters: ['tag:eks:cluster-name', 'tag:KubernetesCluster'],
  hasClusterKey: true,
  send: async (ec2, filter, { abortSignal, NextToken }) => {
    const command = new DescribeVolumesCommand({
      Filters: [filter],
      MaxResults: PAGE_SIZE,
      NextToken,
      IncludeManagedResources: true,
    });
    const answer = await ec2.send(command, { abortSignal });
    return { items: answer.Volumes, next: answer.NextToken };
  },
  found: (item) =>
    foundThing({
      kind: 'ec2:volume',
      id: item.VolumeId,
      tags: item.Tags,
      state: VOLUME_STATES[item.State ?? ''] ?? 'there',
      goesWith: instancesOf(item),
    }),
});
