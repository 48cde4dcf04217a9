/** What the simulated Terraform configuration consists of, and what in it needs what. */

const ZONES = ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'] as const;
const VPC = 'module.network.aws_vpc.this';
const GROUP = (name: string): string => `module.network.aws_security_group.${name}`;
const SUBNETS = ZONES.map((zone) => `module.network.aws_subnet.public["${zone}"]`);
const CLUSTER = 'module.cluster.aws_eks_cluster.this';
const NODES = 'module.nodes.aws_autoscaling_group.this';
const BALANCER = 'module.edge.aws_lb.this';
const NAMESPACE = 'module.app.kubernetes_namespace_v1.demo';
/** The demo application: while it exists and runs, the live URL answers. */
export const APPLICATION_ADDRESS = 'module.app.kubernetes_deployment_v1.web';
/** What writes to it makes it again when it was deleted too early (terraform-aws-eks issues 920 and 2486). */
export const LOG_GROUP_ADDRESS = 'module.cluster.aws_cloudwatch_log_group.web';

/** Each address with what has to exist before it. */
const NETWORK: readonly (readonly [string, readonly string[]])[] = [
  [VPC, []],
  ['module.network.aws_internet_gateway.this', [VPC]],
  ...SUBNETS.map((subnet) => [subnet, [VPC]] as const),
  ['module.network.aws_route_table.public', [VPC]],
  [
    'module.network.aws_route.internet',
    ['module.network.aws_route_table.public', 'module.network.aws_internet_gateway.this'],
  ],
  ...SUBNETS.map(
    (subnet, position) =>
      [
        `module.network.aws_route_table_association.public["${ZONES[position]}"]`,
        [subnet, 'module.network.aws_route_table.public'],
      ] as const,
  ),
  ...['cluster', 'node', 'balancer'].map((name) => [GROUP(name), [VPC]] as const),
  ['module.network.aws_vpc_security_group_ingress_rule.cluster["node-to-api"]', [GROUP('cluster'), GROUP('node')]],
  ['module.network.aws_vpc_security_group_ingress_rule.node["api-to-kubelet"]', [GROUP('cluster'), GROUP('node')]],
  ['module.network.aws_vpc_security_group_ingress_rule.node["node-to-node"]', [GROUP('node')]],
  ['module.network.aws_vpc_security_group_ingress_rule.node["balancer-to-node"]', [GROUP('balancer'), GROUP('node')]],
  ['module.network.aws_vpc_security_group_ingress_rule.balancer["http"]', [GROUP('balancer')]],
  ...['cluster', 'node', 'balancer'].map(
    (name) => [`module.network.aws_vpc_security_group_egress_rule.${name}["all"]`, [GROUP(name)]] as const,
  ),
];

const ROLE = (name: string): string => `module.cluster.aws_iam_role.${name}`;

const CONTROL_PLANE: readonly (readonly [string, readonly string[]])[] = [
  [ROLE('control-plane'), []],
  ['module.cluster.aws_iam_role_policy_attachment.control_plane["AmazonEKSClusterPolicy"]', [ROLE('control-plane')]],
  [ROLE('node'), []],
  ...[
    'AmazonEKSWorkerNodePolicy',
    'AmazonEKS_CNI_Policy',
    'AmazonEC2ContainerRegistryPullOnly',
    'AmazonSSMManagedInstanceCore',
  ].map((policy) => [`module.cluster.aws_iam_role_policy_attachment.node["${policy}"]`, [ROLE('node')]] as const),
  ['module.cluster.aws_iam_instance_profile.node', [ROLE('node')]],
  [
    CLUSTER,
    [
      ...SUBNETS,
      GROUP('cluster'),
      'module.cluster.aws_iam_role_policy_attachment.control_plane["AmazonEKSClusterPolicy"]',
    ],
  ],
  ['module.cluster.aws_eks_access_entry.this["node"]', [CLUSTER, ROLE('node')]],
  ['module.cluster.aws_eks_access_entry.this["deployer"]', [CLUSTER]],
  [
    'module.cluster.aws_eks_access_policy_association.deployer',
    ['module.cluster.aws_eks_access_entry.this["deployer"]'],
  ],
  ['module.cluster.aws_iam_openid_connect_provider.this', [CLUSTER]],
  [LOG_GROUP_ADDRESS, []],
];

const NODES_AND_EDGE: readonly (readonly [string, readonly string[]])[] = [
  ['module.nodes.aws_launch_template.this', [GROUP('node'), 'module.cluster.aws_iam_instance_profile.node']],
  [
    NODES,
    [
      'module.nodes.aws_launch_template.this',
      'module.edge.aws_lb_target_group.web',
      'module.cluster.aws_eks_access_entry.this["node"]',
    ],
  ],
  [BALANCER, [...SUBNETS, GROUP('balancer'), 'module.network.aws_route.internet']],
  ['module.edge.aws_lb_target_group.web', [VPC]],
  ['module.edge.aws_lb_listener.web', [BALANCER, 'module.edge.aws_lb_target_group.web']],
  ['module.edge.aws_route53_record.web', [BALANCER]],
];

const APPLICATION: readonly (readonly [string, readonly string[]])[] = [
  ['module.app.random_password.admin', []],
  [NAMESPACE, ['module.cluster.aws_eks_access_policy_association.deployer', NODES]],
  ['module.app.kubernetes_service_account_v1.web', [NAMESPACE]],
  ['module.app.kubernetes_secret_v1.this["web-admin"]', [NAMESPACE, 'module.app.random_password.admin']],
  ['module.app.kubernetes_secret_v1.this["registry"]', [NAMESPACE]],
  ['module.app.kubernetes_config_map_v1.this["web"]', [NAMESPACE]],
  ['module.app.kubernetes_config_map_v1.this["web-assets"]', [NAMESPACE]],
  ['module.app.kubernetes_network_policy_v1.this["deny-all"]', [NAMESPACE]],
  ['module.app.kubernetes_network_policy_v1.this["allow-web"]', [NAMESPACE]],
  [
    APPLICATION_ADDRESS,
    [
      'module.app.kubernetes_service_account_v1.web',
      'module.app.kubernetes_secret_v1.this["web-admin"]',
      'module.app.kubernetes_secret_v1.this["registry"]',
      'module.app.kubernetes_config_map_v1.this["web"]',
    ],
  ],
  ['module.app.kubernetes_service_v1.web', [NAMESPACE]],
  ['module.app.kubernetes_pod_disruption_budget_v1.web', [NAMESPACE]],
];

/** What AWS makes by itself when the first address is made; no Terraform state knows it. */
export const COMPANIONS: Readonly<Record<string, readonly string[]>> = {
  [NODES]: ['ec2:instance', 'ec2:volume', 'ec2:network-interface'],
};

/** What a destroy that ends well may still leave behind: nothing in the Terraform state points to it. */
export const LEFTOVER_ADDRESSES: readonly string[] = ['ec2:network-interface', 'ec2:volume'];

/** What a destroy that ends in a DependencyViolation could not delete, with what stood in its way. */
export const VIOLATION_ADDRESSES: readonly string[] = [
  VPC,
  'module.network.aws_internet_gateway.this',
  ...SUBNETS,
  GROUP('node'),
  'ec2:network-interface',
];

/** While one of these exists, the network cannot be deleted, whether Terraform knows of it or not. */
export const NETWORK_USERS: readonly string[] = [CLUSTER, NODES, BALANCER];

/** Things that lie around in an account although no pipeline is known to have made them. */
export const ORPHAN_ADDRESSES: readonly string[] = [VPC, CLUSTER, 'ec2:instance', 'ec2:network-interface'];

/** Everything an apply builds: each address with those it needs, none before them. */
export const RESOURCE_GRAPH: readonly (readonly [string, readonly string[]])[] = [
  ...NETWORK,
  ...CONTROL_PLANE,
  ...NODES_AND_EDGE,
  ...APPLICATION,
];
