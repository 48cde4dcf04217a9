/**
 * Every IAM action the inventory needs, and no other: all of them only read. None can be limited to a part of the account
 * (`Resource: "*"`) but those of EKS other than `ListClusters`
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/), and those must not be: clusters of any name are
 * asked for their tags. A test holds this list against what is sent.
 */
export const INVENTORY_ACTIONS = [
  'autoscaling:DescribeAutoScalingGroups',
  'ec2:DescribeAddresses',
  'ec2:DescribeInstances',
  'ec2:DescribeLaunchTemplates',
  'ec2:DescribeNatGateways',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroupRules',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeVolumes',
  'eks:DescribeCluster',
  'eks:DescribeNodegroup',
  'eks:ListClusters',
  'eks:ListNodegroups',
  'elasticloadbalancing:DescribeListeners',
  'elasticloadbalancing:DescribeLoadBalancers',
  'elasticloadbalancing:DescribeTags',
  'elasticloadbalancing:DescribeTargetGroups',
  'tag:GetResources',
] as const;

export type InventoryAction = (typeof INVENTORY_ACTIONS)[number];
