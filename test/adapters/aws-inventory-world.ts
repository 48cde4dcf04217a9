import { createAwsInventory } from '../../src/adapters/aws-inventory.ts';
import { createFakeAwsAccount } from '../fakes/aws-account.ts';
import { type AwsThing, REGION } from '../fakes/aws-account-model.ts';
import { DEPLOYMENT, OTHER_DEPLOYMENT } from './gitlab-answers.ts';

export const NAME = 'demo-0a1b2c3d4e5f';
export const OTHER_NAME = 'demo-ffffffffffff';
export const OURS = Object.freeze({ deployment_id: DEPLOYMENT });
export const OTHERS = Object.freeze({ deployment_id: OTHER_DEPLOYMENT });

export const EMPTY_READING = Object.freeze({ answer: 'empty', count: 0, detail: [] });

export interface AwsWorldOptions {
  /** One, unless the SDK's own retries are what is looked at. */
  readonly maxAttempts?: number;
  readonly timeoutMs?: number;
}

/** The adapter with the SDK's real clients on an account in memory. */
export const createAwsWorld = ({ maxAttempts = 1, timeoutMs }: AwsWorldOptions = {}) => {
  const account = createFakeAwsAccount();
  const events: {
    readonly level: string;
    readonly name: string;
    readonly fields: Readonly<Record<string, unknown>>;
  }[] = [];
  const inventory = createAwsInventory({
    region: REGION,
    credentials: { accessKeyId: 'made-up', secretAccessKey: 'made-up' },
    requestHandler: account.requestHandler,
    maxAttempts,
    timeoutMs,
    log: { event: (level, name, fields) => void events.push({ level, name, fields }) },
  });
  return { account, inventory, events };
};

/** What a demo consists of, EKS's and Kubernetes' own things included. */
export const demoThings = (deploymentId: string): readonly AwsThing[] => {
  const hex = deploymentId.slice(-12);
  const name = `demo-${hex}`;
  const tags = { deployment_id: deploymentId };
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
