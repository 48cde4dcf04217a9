/** What an apply of terraform/demo/ephemeral builds, what in it needs what, and what AWS adds by itself. */

const CLUSTER = 'aws_eks_cluster.demo';
const NODES = 'aws_autoscaling_group.nodes';
const BALANCER = 'aws_lb.demo';
const TEMPLATE = 'aws_launch_template.node';
const TARGETS = 'aws_lb_target_group.demo';
/** Whoever may administer the cluster: the pipeline's own role. */
const ADMIN = (type: string): string => `${type}.admin["arn:aws:iam::111122223333:role/demo-on-demand-gitlab"]`;

/** The address of the nodes, which is where an apply usually breaks off. */
export const NODES_ADDRESS = NODES;
/** The demo application, which no Terraform state knows: while it exists and runs, the live URL answers. */
export const APPLICATION_ADDRESS = 'kubernetes:application';
/** EKS's own, and its security group: made with the cluster, known to no state, gone a while after the cluster. */
const CLUSTER_INTERFACE = 'ec2:network-interface/cluster';
const CLUSTER_GROUP = 'ec2:security-group/cluster';
/** What shows up again after everything was gone: an interface that was let go of late (terraform-aws-eks issue 2048). */
export const LATE_ADDRESS = CLUSTER_INTERFACE;

/** Everything an apply builds: each address with those it needs, none before them. */
export const RESOURCE_GRAPH: readonly (readonly [string, readonly string[]])[] = [
  [TEMPLATE, []],
  [TARGETS, []],
  [CLUSTER, []],
  [BALANCER, []],
  [NODES, [TEMPLATE, TARGETS]],
  ['aws_lb_listener.https', [BALANCER, TARGETS]],
  ['aws_route53_record.demo', [BALANCER]],
  ['aws_eks_access_entry.nodes', [CLUSTER]],
  [ADMIN('aws_eks_access_entry'), [CLUSTER]],
  [ADMIN('aws_eks_access_policy_association'), [ADMIN('aws_eks_access_entry')]],
];

/** What AWS makes by itself when the first address is made; no Terraform state knows it. */
export const COMPANIONS: Readonly<Record<string, readonly string[]>> = {
  [CLUSTER]: [CLUSTER_GROUP, CLUSTER_INTERFACE],
  [NODES]: ['ec2:instance', 'ec2:volume', 'ec2:network-interface'],
};

/** What a destroy that ends well may still leave behind: nothing in the Terraform state points to it. */
export const LEFTOVER_ADDRESSES: readonly string[] = ['ec2:network-interface', 'ec2:volume'];

/** What a destroy could not delete that ends in a DependencyViolation, with what stood in its way. */
export const VIOLATION_ADDRESSES: readonly string[] = [CLUSTER_GROUP, CLUSTER_INTERFACE];

/** Things that lie around in an account although no pipeline is known to have made them. */
export const ORPHAN_ADDRESSES: readonly string[] = [BALANCER, CLUSTER, 'ec2:instance', 'ec2:network-interface'];
