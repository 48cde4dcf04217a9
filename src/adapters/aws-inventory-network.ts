import {
  type Address,
  DescribeAddressesCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  type NatGateway,
  type NetworkInterface,
  type SecurityGroup,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import { instance, instanceKey } from './aws-inventory-ec2.ts';
import { ec2Kind, filtersFor, PAGE_SIZE } from './aws-inventory-ec2-kind.ts';
import { clusterKey } from './aws-inventory-eks.ts';
import { type FoundState, foundThing, inheriting, type Question, tagOf } from './aws-inventory-kind.ts';

const NAT_STATES: Readonly<Record<string, FoundState>> = { deleting: 'deleting', deleted: 'gone' };

export const natGateway = ec2Kind<NatGateway>({
  type: 'ec2:natgateway',
  action: 'ec2:DescribeNatGateways',
  idFilter: 'nat-gateway-id',
  send: async (ec2, filter, { abortSignal, NextToken }) => {
    const command = new DescribeNatGatewaysCommand({ Filter: [filter], MaxResults: PAGE_SIZE, NextToken });
    const answer = await ec2.send(command, { abortSignal });
    return { items: answer.NatGateways, next: answer.NextToken };
  },
  tagsOf: ({ Tags }) => Tags,
  found: ({ NatGatewayId, State, Tags }) =>
    foundThing({ kind: 'ec2:natgateway', id: NatGatewayId, tags: Tags, state: NAT_STATES[State ?? ''] ?? 'there' }),
});

/** The node that Kubernetes' network plug-in made it for; the plug-in writes it into a tag and the description. */
const NODE_TAG = 'node.k8s.amazonaws.com/instance_id';
const NODE_DESCRIPTION = 'aws-K8S-';
const EKS_DESCRIPTION = 'Amazon EKS ';

const nodeOf = ({ TagSet, Description = '' }: NetworkInterface): string | null =>
  tagOf(TagSet, NODE_TAG) ??
  (Description.startsWith(NODE_DESCRIPTION) ? Description.slice(NODE_DESCRIPTION.length) : null);

const makersOf = ({ Attachment, Description = '' }: NetworkInterface): readonly string[] => {
  const { InstanceId, DeleteOnTermination } = Attachment ?? {};
  const isPartOfInstance = InstanceId !== undefined && DeleteOnTermination === true;
  const isPartOfCluster = Description.startsWith(EKS_DESCRIPTION);
  return [
    ...(isPartOfInstance ? [instanceKey(InstanceId)] : []),
    ...(isPartOfCluster ? [clusterKey(Description.slice(EKS_DESCRIPTION.length))] : []),
  ];
};

const nodesIn = ({ before }: Question): readonly string[] =>
  before.filter(({ kind }) => kind === instance.type).map(({ id }) => id);

/**
 * The network plug-in leaves some behind when a node ends while it works
 * (https://github.com/aws/amazon-vpc-cni-k8s/issues/69), not always with the cluster's name on them: so they are asked
 * for by every instance the deployment is known to have had, too. EKS's own and those of a load balancer have no tags,
 * but a name in their description. No state says that one is being deleted.
 */
export const networkInterface = ec2Kind<NetworkInterface>({
  type: 'ec2:network-interface',
  action: 'ec2:DescribeNetworkInterfaces',
  idFilter: 'network-interface-id',
  nameFilters: ['description', 'tag:cluster.k8s.amazonaws.com/name', 'tag:eks:cluster-name'],
  hasClusterKey: true,
  following: (question) => {
    const nodes = nodesIn(question);
    const descriptions = nodes.map((id) => `${NODE_DESCRIPTION}${id}`);
    return [...filtersFor(`tag:${NODE_TAG}`, nodes), ...filtersFor('description', descriptions)];
  },
  send: async (ec2, filter, { abortSignal, NextToken }) => {
    const command = new DescribeNetworkInterfacesCommand({
      Filters: [filter],
      MaxResults: PAGE_SIZE,
      NextToken,
      IncludeManagedResources: true,
    });
    const answer = await ec2.send(command, { abortSignal });
    return { items: answer.NetworkInterfaces, next: answer.NextToken };
  },
  tagsOf: ({ TagSet }) => TagSet,
  found: (item, { before }) => {
    const found = foundThing({
      kind: 'ec2:network-interface',
      id: item.NetworkInterfaceId,
      tags: item.TagSet,
      names: [item.Description],
      goesWith: makersOf(item),
    });
    const node = nodeOf(item);
    return inheriting(
      found,
      before.find(({ kind, id }) => kind === instance.type && id === node),
    );
  },
});

/** Not in pages: AWS gives all that match at once. */
export const elasticIp = ec2Kind<Address>({
  type: 'ec2:elastic-ip',
  action: 'ec2:DescribeAddresses',
  idFilter: 'allocation-id',
  send: async (ec2, filter, { abortSignal }) => {
    const answer = await ec2.send(new DescribeAddressesCommand({ Filters: [filter] }), { abortSignal });
    return { items: answer.Addresses, next: undefined };
  },
  tagsOf: ({ Tags }) => Tags,
  found: ({ AllocationId, Tags }) => foundThing({ kind: 'ec2:elastic-ip', id: AllocationId, tags: Tags }),
});

/** The cluster's own is made by EKS, `eks-cluster-sg-<cluster>-…`, and stays if an interface still uses it. */
export const securityGroup = ec2Kind<SecurityGroup>({
  type: 'ec2:security-group',
  action: 'ec2:DescribeSecurityGroups',
  idFilter: 'group-id',
  nameFilters: ['group-name', 'tag:aws:eks:cluster-name', 'tag:elbv2.k8s.aws/cluster'],
  hasClusterKey: true,
  send: async (ec2, filter, { abortSignal, NextToken }) => {
    const command = new DescribeSecurityGroupsCommand({ Filters: [filter], MaxResults: PAGE_SIZE, NextToken });
    const answer = await ec2.send(command, { abortSignal });
    return { items: answer.SecurityGroups, next: answer.NextToken };
  },
  tagsOf: ({ Tags }) => Tags,
  found: ({ GroupId, GroupName, Tags }) => {
    const cluster = tagOf(Tags, 'aws:eks:cluster-name');
    return foundThing({
      kind: 'ec2:security-group',
      id: GroupId,
      tags: Tags,
      names: [GroupName],
      goesWith: cluster === null ? [] : [clusterKey(cluster)],
    });
  },
});

/** They have ids and tags of their own, so the tagging API names those that Terraform made. */
export const securityGroupRule = ec2Kind<SecurityGroupRule>({
  type: 'ec2:security-group-rule',
  action: 'ec2:DescribeSecurityGroupRules',
  idFilter: 'security-group-rule-id',
  send: async (ec2, filter, { abortSignal, NextToken }) => {
    const command = new DescribeSecurityGroupRulesCommand({ Filters: [filter], MaxResults: PAGE_SIZE, NextToken });
    const answer = await ec2.send(command, { abortSignal });
    return { items: answer.SecurityGroupRules, next: answer.NextToken };
  },
  tagsOf: ({ Tags }) => Tags,
  found: ({ SecurityGroupRuleId, Tags }) =>
    foundThing({ kind: 'ec2:security-group-rule', id: SecurityGroupRuleId, tags: Tags }),
});
