import { type AwsInventoryOptions, createAwsInventory } from '../../src/adapters/aws-inventory.ts';
import { createFakeAwsAccount } from '../fakes/aws-account.ts';
import { realClients, rememberingClients } from '../fakes/aws-account-clients.ts';
import { type AwsThing, INSTALLATION, REGION } from '../fakes/aws-account-model.ts';
import { DEPLOYMENT, OTHER_DEPLOYMENT } from './gitlab-answers.ts';

export const NAME = 'demo-0a1b2c3d4e5f';
export const OTHER_NAME = 'demo-ffffffffffff';
/** What every demo's own things carry. */
export const tagsOf = (deploymentId: string) =>
  Object.freeze({ deployment_id: deploymentId, demo_installation: INSTALLATION });
export const OURS = tagsOf(DEPLOYMENT);
export const OTHERS = tagsOf(OTHER_DEPLOYMENT);

export const EMPTY_READING = Object.freeze({ answer: 'empty', count: 0, detail: [] });

export interface AwsWorldOptions {
  /** The SDK's real clients, which try so many times; else stand-ins that remember what those do. */
  readonly realTries?: number;
  readonly readingTimeoutMs?: number;
  readonly sweepTimeoutMs?: number;
  /** Deployments of ours; none, unless a test says which. */
  readonly knownIds?: AwsInventoryOptions['knownIds'];
}

/** The adapter on an account in memory. */
export const createAwsWorld = ({ realTries, knownIds = async () => [], ...options }: AwsWorldOptions = {}) => {
  const account = createFakeAwsAccount();
  const events: {
    readonly level: string;
    readonly name: string;
    readonly fields: Readonly<Record<string, unknown>>;
  }[] = [];
  const inventory = createAwsInventory({
    clients: realTries === undefined ? rememberingClients(account) : realClients(account, realTries),
    region: REGION,
    installation: INSTALLATION,
    knownIds,
    log: { event: (level, name, fields) => void events.push({ level, name, fields }) },
    ...options,
  });
  return { account, inventory, events };
};

/** What a demo consists of, EKS's and Kubernetes' own things included. */
export const demoThings = (deploymentId: string): readonly AwsThing[] => {
  const hex = deploymentId.slice(-12);
  const name = `demo-${hex}`;
  const tags = tagsOf(deploymentId);
  const own = { kind: 'ec2:instance', id: `i-${hex}`, tags: { ...tags, 'aws:autoscaling:groupName': name } };
  return [
    { kind: 'eks:cluster', id: name, tags },
    { kind: 'eks:access-entry', id: `${name}/role/123456789012/demo-node/0a1b`, tags },
    { kind: 'ec2:launch-template', id: `lt-${hex}`, name, tags },
    { kind: 'autoscaling:autoScalingGroup', id: name, tags },
    own,
    { kind: 'ec2:volume', id: `vol-${hex}`, tags, instanceId: own.id },
    { kind: 'ec2:network-interface', id: `eni-1${hex}`, tags, instanceId: own.id },
    { kind: 'ec2:network-interface', id: `eni-2${hex}`, name: `aws-K8S-${own.id}`, instanceId: own.id },
    { kind: 'ec2:network-interface', id: `eni-3${hex}`, name: `Amazon EKS ${name}` },
    { kind: 'ec2:network-interface', id: `eni-4${hex}`, name: `ELB net/${name}/50dc6c495c0c9188` },
    {
      kind: 'ec2:security-group',
      id: `sg-${hex}`,
      name: `eks-cluster-sg-${name}-1234567890`,
      tags: { 'aws:eks:cluster-name': name, [`kubernetes.io/cluster/${name}`]: 'owned' },
    },
    { kind: 'elasticloadbalancing:loadbalancer', id: name, tags },
    { kind: 'elasticloadbalancing:targetgroup', id: name, tags },
    { kind: 'elasticloadbalancing:listener', id: name, tags },
  ];
};
