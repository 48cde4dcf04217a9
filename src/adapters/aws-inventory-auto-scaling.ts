import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { listOf } from './aws-inventory-calls.ts';
import { nodegroupKey } from './aws-inventory-eks.ts';
import { foundThing, keyOf, type ResourceKind, type Tag, tagOf } from './aws-inventory-kind.ts';

const AUTO_SCALING_GROUP = 'autoscaling:autoScalingGroup';

const ACTION = 'autoscaling:DescribeAutoScalingGroups';

/** The most that a page may hold. */
const PAGE_SIZE = 100;

export const autoScalingGroupKey = (name: string): string => keyOf(AUTO_SCALING_GROUP, name);

/** The node group that made it, if these are tags of EKS. */
export const nodegroupInTags = (tags: readonly Tag[] | undefined): readonly string[] => {
  const cluster = tagOf(tags, 'eks:cluster-name');
  const nodegroup = tagOf(tags, 'eks:nodegroup-name');
  return cluster === null || nodegroup === null ? [] : [nodegroupKey(cluster, nodegroup)];
};

/**
 * All of them are read, with their tags: there is no filter for a part of a name, and EKS names its own ones itself.
 * The only word for a state is `Delete in progress`.
 */
export const autoScalingGroup: ResourceKind = {
  type: AUTO_SCALING_GROUP,
  arnTypes: [AUTO_SCALING_GROUP],
  // `<uuid>:autoScalingGroupName/<name>`, and a name may hold slashes.
  idOf: ({ resource }) => resource.slice(resource.indexOf('/') + 1),

  async find({ calls, clients }) {
    const groups = await calls.pages(ACTION, async (abortSignal, NextToken) => {
      const command = new DescribeAutoScalingGroupsCommand({
        MaxRecords: PAGE_SIZE,
        NextToken,
        IncludeInstances: false,
        IncludeManagedResources: true,
      });
      const answer = await clients.autoScaling.send(command, { abortSignal });
      return { items: answer.AutoScalingGroups, next: answer.NextToken };
    });
    return groups.map(({ AutoScalingGroupName, Status, Tags }) =>
      foundThing({
        kind: AUTO_SCALING_GROUP,
        id: AutoScalingGroupName,
        tags: listOf(ACTION, Tags),
        names: [AutoScalingGroupName],
        state: Status === 'Delete in progress' ? 'deleting' : 'there',
        goesWith: nodegroupInTags(Tags),
      }),
    );
  },
};
