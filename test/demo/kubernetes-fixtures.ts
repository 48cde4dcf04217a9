import type { KubernetesAnswers } from '../../terraform/demo/app/server/kubernetes-api.ts';

export const DEPLOYMENT_ID = '0198c2d4-7b1e-7c3a-9f20-3d9e0c1f5a7b';
export const BUILD_STARTED_AT = Date.parse('2026-11-20T14:02:00Z');

/** An instant, in minutes and seconds after the build started. */
const after = (minutes: number, seconds = 0): string =>
  new Date(BUILD_STARTED_AT + (minutes * 60 + seconds) * 1_000).toISOString().replace('.000', '');

export const node = (name: string, zone: string, isReady = true): object => ({
  metadata: {
    name,
    creationTimestamp: after(10, zone === 'us-east-1a' ? 2 : 9),
    labels: {
      'kubernetes.io/arch': 'arm64',
      'node.kubernetes.io/instance-type': 't4g.small',
      'topology.kubernetes.io/zone': zone,
    },
  },
  spec: { providerID: `aws:///${zone}/i-0123456789abcdef0` },
  status: {
    nodeInfo: { kubeletVersion: 'v1.35.2-eks-1a2b3c4' },
    conditions: [
      { type: 'MemoryPressure', status: 'False' },
      { type: 'Ready', status: isReady ? 'True' : 'Unknown' },
    ],
  },
});

export interface PodOptions {
  readonly namespace?: string;
  readonly nodeName?: string;
  readonly isReady?: boolean;
  readonly createdAt?: string;
  readonly readyAt?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly containers?: readonly object[];
}

export const pod = (name: string, options: PodOptions = {}): object => {
  const { namespace = 'kube-system', nodeName, isReady = true, labels = {}, containers } = options;
  const { createdAt = after(9, 31), readyAt = after(10, 40) } = options;
  return {
    metadata: { name, namespace, creationTimestamp: createdAt, labels },
    spec: { nodeName, containers: [{ env: [{ name: 'SECRET', value: 'not-to-be-shown' }] }] },
    status: {
      phase: isReady ? 'Running' : 'Pending',
      conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False', lastTransitionTime: readyAt }],
      containerStatuses: containers ?? [{ restartCount: 0, state: { running: {} } }],
    },
  };
};

export const FIRST_NODE = 'ip-10-64-0-23.ec2.internal';
export const SECOND_NODE = 'ip-10-64-1-87.ec2.internal';
export const FIRST_POD = 'demo-6c9f7d5b8f-x2x4z';

const ofApp = (name: string, nodeName: string, readyAt: string): object =>
  pod(name, {
    namespace: 'demo',
    nodeName,
    createdAt: after(10, 20),
    readyAt,
    labels: { 'app.kubernetes.io/name': 'demo' },
  });

/** What Kubernetes answers in a demo that went well: two nodes, two pods of the page, and those that EKS brings. */
export const healthyAnswers = (): KubernetesAnswers => ({
  version: { major: '1', minor: '35', gitVersion: 'v1.35.2-eks-1a2b3c4' },
  nodes: { items: [node(SECOND_NODE, 'us-east-1b'), node(FIRST_NODE, 'us-east-1a')] },
  pods: {
    items: [
      ofApp(FIRST_POD, FIRST_NODE, after(10, 58)),
      ofApp('demo-6c9f7d5b8f-mm7cd', SECOND_NODE, after(11, 4)),
      pod('aws-node-7h2kq', { nodeName: FIRST_NODE, createdAt: after(10, 3), labels: { 'k8s-app': 'aws-node' } }),
      pod('aws-node-rr9tn', { nodeName: SECOND_NODE, createdAt: after(10, 9), labels: { 'k8s-app': 'aws-node' } }),
      pod('kube-proxy-4qv5b', { nodeName: FIRST_NODE, createdAt: after(10, 3), labels: { 'k8s-app': 'kube-proxy' } }),
      pod('kube-proxy-zz6pl', { nodeName: SECOND_NODE, createdAt: after(10, 9), labels: { 'k8s-app': 'kube-proxy' } }),
      pod('coredns-5d78c9869d-2jwtz', { nodeName: FIRST_NODE, labels: { 'k8s-app': 'kube-dns' } }),
      pod('coredns-5d78c9869d-9kdxs', { nodeName: SECOND_NODE, labels: { 'k8s-app': 'kube-dns' } }),
    ],
  },
});

/** The environment of the pod that serves. */
export const ENVIRONMENT = {
  DEPLOYMENT_ID,
  COMMIT: '9f8e7d6c5b4a39281706f5e4d3c2b1a098765432',
  AWS_REGION: 'us-east-1',
  CLUSTER_NAME: 'demo-3d9e0c1f5a7b',
  APPLY_STARTED_AT: '2026-11-20T14:02:00Z',
  PIPELINE_URL: 'https://gitlab.com/acme-demos/eks-demo/-/pipelines/2145678901',
  POD_NAME: FIRST_POD,
  NODE_NAME: FIRST_NODE,
} as const;
