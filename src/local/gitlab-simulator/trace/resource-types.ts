/** What the logs and the inventory need to know about one type of resource. */
export interface ResourceType {
  /** As the inventory of AWS names it (src/adapters/aws-inventory-table.ts); null for what it does not list. */
  readonly inventory: string | null;
  /** A template: `{hex}` is 17 hexadecimal digits, `{name}` the deployment's resource name, `{key}` the address's own. */
  readonly id: string;
  /** Recorded seconds. */
  readonly createSeconds: number;
  readonly destroySeconds: number;
}

/** Types as in Terraform, or (with a colon) things that no Terraform state knows. */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  aws_eks_cluster: { inventory: 'eks:cluster', id: '{name}', createSeconds: 495, destroySeconds: 280 },
  aws_eks_access_entry: { inventory: null, id: '{name}:{key}', createSeconds: 1, destroySeconds: 1 },
  aws_eks_access_policy_association: {
    inventory: null,
    id: '{name}#{key}#arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy',
    createSeconds: 1,
    destroySeconds: 1,
  },
  aws_launch_template: { inventory: 'ec2:launch-template', id: 'lt-{hex}', createSeconds: 6, destroySeconds: 1 },
  aws_autoscaling_group: {
    inventory: 'autoscaling:autoScalingGroup',
    id: '{name}',
    createSeconds: 52,
    destroySeconds: 96,
  },
  aws_lb: {
    inventory: 'elasticloadbalancing:loadbalancer',
    id: 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/net/{name}/{hex}',
    createSeconds: 146,
    destroySeconds: 24,
  },
  aws_lb_target_group: {
    inventory: 'elasticloadbalancing:targetgroup',
    id: 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/{name}/{hex}',
    createSeconds: 1,
    destroySeconds: 1,
  },
  aws_lb_listener: {
    inventory: 'elasticloadbalancing:listener',
    id: 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener/net/{name}/{hex}',
    createSeconds: 1,
    destroySeconds: 1,
  },
  aws_route53_record: {
    inventory: null,
    id: 'Z0DEMO_{name}.demo.example.com_A',
    createSeconds: 33,
    destroySeconds: 31,
  },
  'ec2:instance': { inventory: 'ec2:instance', id: 'i-{hex}', createSeconds: 0, destroySeconds: 30 },
  'ec2:volume': { inventory: 'ec2:volume', id: 'vol-{hex}', createSeconds: 0, destroySeconds: 2 },
  'ec2:network-interface': { inventory: 'ec2:network-interface', id: 'eni-{hex}', createSeconds: 0, destroySeconds: 2 },
  'ec2:security-group': { inventory: 'ec2:security-group', id: 'sg-{hex}', createSeconds: 0, destroySeconds: 2 },
  'kubernetes:application': { inventory: null, id: 'demo', createSeconds: 0, destroySeconds: 4 },
};
