/** What the logs and the inventory need to know about one type of resource. */
export interface ResourceType {
  /** As an inventory names it; null for what no inventory lists. */
  readonly inventory: string | null;
  /** A template: `{hex}` is 17 hexadecimal digits, `{name}` the deployment's resource name, `{key}` the address's own. */
  readonly id: string;
  /** Recorded seconds. */
  readonly createSeconds: number;
  readonly destroySeconds: number;
}

/** Types as in Terraform, or (without an underscore) things that AWS makes by itself and no Terraform state knows. */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  aws_vpc: { inventory: 'ec2:vpc', id: 'vpc-{hex}', createSeconds: 12, destroySeconds: 1 },
  aws_internet_gateway: { inventory: 'ec2:internet-gateway', id: 'igw-{hex}', createSeconds: 1, destroySeconds: 11 },
  aws_subnet: { inventory: 'ec2:subnet', id: 'subnet-{hex}', createSeconds: 11, destroySeconds: 1 },
  aws_route_table: { inventory: 'ec2:route-table', id: 'rtb-{hex}', createSeconds: 1, destroySeconds: 1 },
  aws_route: { inventory: null, id: 'r-rtb-{hex}1080289494', createSeconds: 1, destroySeconds: 1 },
  aws_route_table_association: { inventory: null, id: 'rtbassoc-{hex}', createSeconds: 1, destroySeconds: 1 },
  aws_security_group: { inventory: 'ec2:security-group', id: 'sg-{hex}', createSeconds: 3, destroySeconds: 2 },
  aws_vpc_security_group_ingress_rule: { inventory: null, id: 'sgr-{hex}', createSeconds: 1, destroySeconds: 1 },
  aws_vpc_security_group_egress_rule: { inventory: null, id: 'sgr-{hex}', createSeconds: 1, destroySeconds: 1 },
  aws_iam_role: { inventory: 'iam:role', id: '{name}-{key}', createSeconds: 1, destroySeconds: 1 },
  aws_iam_role_policy_attachment: {
    inventory: null,
    id: '{name}-{key}-2026112009',
    createSeconds: 1,
    destroySeconds: 1,
  },
  aws_iam_instance_profile: {
    inventory: 'iam:instance-profile',
    id: '{name}-node',
    createSeconds: 6,
    destroySeconds: 1,
  },
  aws_iam_openid_connect_provider: {
    inventory: 'iam:oidc-provider',
    id: 'arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/{hex}',
    createSeconds: 1,
    destroySeconds: 1,
  },
  aws_eks_cluster: { inventory: 'eks:cluster', id: '{name}', createSeconds: 424, destroySeconds: 168 },
  aws_eks_access_entry: {
    inventory: null,
    id: '{name}:arn:aws:iam::111122223333:role/{key}',
    createSeconds: 1,
    destroySeconds: 1,
  },
  aws_eks_access_policy_association: {
    inventory: null,
    id: '{name}#arn:aws:iam::111122223333:role/deployer#AmazonEKSClusterAdminPolicy',
    createSeconds: 1,
    destroySeconds: 1,
  },
  aws_cloudwatch_log_group: {
    inventory: 'logs:log-group',
    id: '/demo/{name}/web',
    createSeconds: 1,
    destroySeconds: 1,
  },
  aws_launch_template: { inventory: 'ec2:launch-template', id: 'lt-{hex}', createSeconds: 1, destroySeconds: 1 },
  aws_autoscaling_group: { inventory: 'autoscaling:group', id: '{name}', createSeconds: 52, destroySeconds: 96 },
  aws_lb: {
    inventory: 'elbv2:loadbalancer',
    id: 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/net/{name}/{hex}',
    createSeconds: 146,
    destroySeconds: 24,
  },
  aws_lb_target_group: {
    inventory: 'elbv2:targetgroup',
    id: 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/{name}/{hex}',
    createSeconds: 1,
    destroySeconds: 1,
  },
  aws_lb_listener: {
    inventory: 'elbv2:listener',
    id: 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener/net/{name}/{hex}',
    createSeconds: 1,
    destroySeconds: 1,
  },
  aws_route53_record: { inventory: null, id: 'Z0DEMO_{name}_A', createSeconds: 33, destroySeconds: 31 },
  random_password: { inventory: null, id: 'none', createSeconds: 0, destroySeconds: 0 },
  kubernetes_namespace_v1: { inventory: null, id: 'demo', createSeconds: 1, destroySeconds: 7 },
  kubernetes_service_account_v1: { inventory: null, id: 'demo/web', createSeconds: 1, destroySeconds: 1 },
  kubernetes_secret_v1: { inventory: null, id: 'demo/{key}', createSeconds: 1, destroySeconds: 1 },
  kubernetes_config_map_v1: { inventory: null, id: 'demo/{key}', createSeconds: 1, destroySeconds: 1 },
  kubernetes_deployment_v1: { inventory: null, id: 'demo/web', createSeconds: 22, destroySeconds: 3 },
  kubernetes_service_v1: { inventory: null, id: 'demo/web', createSeconds: 1, destroySeconds: 1 },
  kubernetes_network_policy_v1: { inventory: null, id: 'demo/{key}', createSeconds: 1, destroySeconds: 1 },
  kubernetes_pod_disruption_budget_v1: { inventory: null, id: 'demo/web', createSeconds: 1, destroySeconds: 1 },
  'ec2:instance': { inventory: 'ec2:instance', id: 'i-{hex}', createSeconds: 0, destroySeconds: 0 },
  'ec2:volume': { inventory: 'ec2:volume', id: 'vol-{hex}', createSeconds: 0, destroySeconds: 0 },
  'ec2:network-interface': { inventory: 'ec2:network-interface', id: 'eni-{hex}', createSeconds: 0, destroySeconds: 0 },
};
