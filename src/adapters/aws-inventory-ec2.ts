import {
  DescribeInstancesCommand,
  DescribeLaunchTemplatesCommand,
  DescribeVolumesCommand,
  type Instance,
  type LaunchTemplate,
  type Reservation,
  type Volume,
} from '@aws-sdk/client-ec2';
import { autoScalingGroupKey, nodegroupInTags } from './aws-inventory-auto-scaling.ts';
import { listOf } from './aws-inventory-calls.ts';
import { ec2Kind, PAGE_SIZE } from './aws-inventory-ec2-kind.ts';
import { type FoundState, foundThing, keyOf, tagOf } from './aws-inventory-kind.ts';

const INSTANCE = 'ec2:instance';

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
  tagsOf: ({ Tags }) => Tags,
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
  tagsOf: ({ Tags }) => Tags,
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
  tagsOf: ({ Tags }) => Tags,
  found: (item) =>
    foundThing({
      kind: 'ec2:volume',
      id: item.VolumeId,
      tags: item.Tags,
      state: VOLUME_STATES[item.State ?? ''] ?? 'there',
      goesWith: instancesOf(item),
    }),
});
