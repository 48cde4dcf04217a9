import type { AwsThing } from '../fakes/aws-account-model.ts';
import { NAME, OURS } from './aws-inventory-world.ts';

export interface KindCase {
  readonly kind: string;
  /** Found by nothing but its tag. */
  readonly tagged: AwsThing;
  /** Ways to carry the derived name without a tag of ours; none for what has no name. */
  readonly named: readonly AwsThing[];
  /** The service has no way to look for a tag, so whatever has no name of ours must be nominated. */
  readonly needsNomination?: boolean;
  readonly there: readonly string[];
  readonly deleting: readonly string[];
  readonly gone: readonly string[];
}

const noStates = { there: [], deleting: [], gone: [] };
export const inCluster = { [`kubernetes.io/cluster/${NAME}`]: 'owned' };

/** Each kind of the table, in every way it can carry a mark of ours and in every word its service has for its state. */
export const CASES: readonly KindCase[] = [
  {
    kind: 'eks:cluster',
    tagged: { kind: 'eks:cluster', id: 'another-name', tags: OURS },
    named: [
      { kind: 'eks:cluster', id: NAME },
      { kind: 'eks:cluster', id: `${NAME}-blue` },
    ],
    there: ['ACTIVE', 'CREATING', 'FAILED', 'PENDING', 'UPDATING'],
    deleting: ['DELETING'],
    gone: [],
  },
  {
    kind: 'eks:nodegroup',
    tagged: { kind: 'eks:nodegroup', id: 'shared/workers', tags: OURS },
    named: [],
    needsNomination: true,
    there: ['ACTIVE', 'CREATING', 'CREATE_FAILED', 'DEGRADED', 'DELETE_FAILED', 'UPDATING'],
    deleting: ['DELETING'],
    gone: ['GONE'],
  },
  {
    kind: 'autoscaling:autoScalingGroup',
    tagged: { kind: 'autoscaling:autoScalingGroup', id: 'workers', tags: OURS },
    named: [
      { kind: 'autoscaling:autoScalingGroup', id: NAME },
      { kind: 'autoscaling:autoScalingGroup', id: `eks-${NAME}-workers-0a1b` },
      { kind: 'autoscaling:autoScalingGroup', id: 'eks-workers-0a1b', tags: { 'eks:cluster-name': NAME } },
      { kind: 'autoscaling:autoScalingGroup', id: 'nodes', tags: inCluster },
    ],
    there: [],
    deleting: ['Delete in progress'],
    gone: [],
  },
  {
    kind: 'elasticloadbalancing:loadbalancer',
    tagged: { kind: 'elasticloadbalancing:loadbalancer', id: 'k8s-web-0a1b', tags: OURS },
    named: [
      { kind: 'elasticloadbalancing:loadbalancer', id: NAME },
      { kind: 'elasticloadbalancing:loadbalancer', id: `${NAME}-nlb` },
    ],
    there: ['active', 'active_impaired', 'failed', 'provisioning'],
    deleting: [],
    gone: [],
  },
  {
    kind: 'elasticloadbalancing:targetgroup',
    tagged: { kind: 'elasticloadbalancing:targetgroup', id: 'web', tags: OURS },
    named: [{ kind: 'elasticloadbalancing:targetgroup', id: NAME }],
    needsNomination: true,
    ...noStates,
  },
  {
    kind: 'elasticloadbalancing:listener',
    tagged: { kind: 'elasticloadbalancing:listener', id: 'shared', tags: OURS },
    named: [],
    needsNomination: true,
    ...noStates,
  },
  {
    kind: 'ec2:launch-template',
    tagged: { kind: 'ec2:launch-template', id: 'lt-1', name: 'nodes', tags: OURS },
    named: [
      { kind: 'ec2:launch-template', id: 'lt-1', name: NAME },
      { kind: 'ec2:launch-template', id: 'lt-2', name: 'eks-0a1b', tags: { 'eks:cluster-name': NAME } },
    ],
    ...noStates,
  },
  {
    kind: 'ec2:instance',
    tagged: { kind: 'ec2:instance', id: 'i-1', tags: OURS },
    named: [
      { kind: 'ec2:instance', id: 'i-3', tags: { Name: `${NAME}-node` } },
      { kind: 'ec2:instance', id: 'i-4', tags: { 'eks:cluster-name': NAME } },
      { kind: 'ec2:instance', id: 'i-5', tags: { 'aws:eks:cluster-name': NAME } },
      { kind: 'ec2:instance', id: 'i-6', tags: inCluster },
    ],
    there: ['pending', 'running', 'stopping', 'stopped'],
    deleting: ['shutting-down'],
    gone: ['terminated'],
  },
  {
    kind: 'ec2:natgateway',
    tagged: { kind: 'ec2:natgateway', id: 'nat-1', tags: OURS },
    named: [{ kind: 'ec2:natgateway', id: 'nat-1', tags: { Name: NAME } }],
    there: ['pending', 'available', 'failed'],
    deleting: ['deleting'],
    gone: ['deleted'],
  },
  {
    kind: 'ec2:volume',
    tagged: { kind: 'ec2:volume', id: 'vol-1', tags: OURS },
    named: [
      { kind: 'ec2:volume', id: 'vol-7', tags: { Name: NAME } },
      { kind: 'ec2:volume', id: 'vol-8', tags: inCluster },
      { kind: 'ec2:volume', id: 'vol-9', tags: { KubernetesCluster: NAME } },
      { kind: 'ec2:volume', id: 'vol-10', tags: { 'eks:cluster-name': NAME } },
    ],
    there: ['creating', 'available', 'in-use', 'error'],
    deleting: ['deleting'],
    gone: ['deleted'],
  },
  {
    kind: 'ec2:network-interface',
    tagged: { kind: 'ec2:network-interface', id: 'eni-1', tags: OURS },
    named: [
      { kind: 'ec2:network-interface', id: 'eni-11', name: `Amazon EKS ${NAME}` },
      { kind: 'ec2:network-interface', id: 'eni-12', name: `ELB net/${NAME}/50dc6c495c0c9188` },
      { kind: 'ec2:network-interface', id: 'eni-13', tags: { 'cluster.k8s.amazonaws.com/name': NAME } },
      { kind: 'ec2:network-interface', id: 'eni-14', tags: { 'eks:cluster-name': NAME } },
      { kind: 'ec2:network-interface', id: 'eni-15', tags: { Name: NAME } },
      { kind: 'ec2:network-interface', id: 'eni-16', tags: inCluster },
    ],
    there: ['available', 'in-use', 'attaching', 'detaching', 'associated'],
    deleting: [],
    gone: [],
  },
  {
    kind: 'ec2:elastic-ip',
    tagged: { kind: 'ec2:elastic-ip', id: 'eipalloc-1', tags: OURS },
    named: [{ kind: 'ec2:elastic-ip', id: 'eipalloc-1', tags: { Name: NAME } }],
    ...noStates,
  },
  {
    kind: 'ec2:security-group',
    tagged: { kind: 'ec2:security-group', id: 'sg-1', name: 'nodes', tags: OURS },
    named: [
      { kind: 'ec2:security-group', id: 'sg-17', name: NAME },
      { kind: 'ec2:security-group', id: 'sg-18', name: `eks-cluster-sg-${NAME}-1234567890` },
      { kind: 'ec2:security-group', id: 'sg-19', name: 'nodes', tags: { 'aws:eks:cluster-name': NAME } },
      { kind: 'ec2:security-group', id: 'sg-20', name: 'k8s-web', tags: { 'elbv2.k8s.aws/cluster': NAME } },
      { kind: 'ec2:security-group', id: 'sg-21', name: 'nodes', tags: inCluster },
    ],
    ...noStates,
  },
  {
    kind: 'ec2:security-group-rule',
    tagged: { kind: 'ec2:security-group-rule', id: 'sgr-1', tags: OURS },
    named: [{ kind: 'ec2:security-group-rule', id: 'sgr-1', tags: { Name: NAME } }],
    ...noStates,
  },
];

/** What is confirmed by its cluster. */
export const EKS_PARTS = ['eks:access-entry', 'eks:addon', 'eks:fargateprofile', 'eks:podidentityassociation'];
