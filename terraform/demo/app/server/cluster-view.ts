import type { KubernetesAnswers } from './kubernetes-api.ts';

export interface NodeView {
  readonly name: string;
  readonly zone: string | null;
  readonly instanceType: string | null;
  readonly architecture: string | null;
  readonly version: string | null;
  readonly isReady: boolean;
  readonly createdAt: number | null;
}

export interface PodView {
  readonly name: string;
  readonly namespace: string;
  /** What it belongs to: its name without the part that tells it from its like. */
  readonly app: string;
  /** Null while it waits for a node. */
  readonly node: string | null;
  readonly isReady: boolean;
  /** In one word: `Running`, or why not. */
  readonly state: string;
  readonly restarts: number;
  readonly createdAt: number | null;
  readonly readyAt: number | null;
}

export interface ClusterView {
  readonly version: string | null;
  readonly nodes: readonly NodeView[];
  readonly pods: readonly PodView[];
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);

const instantOf = (value: unknown): number | null => {
  const instant = Date.parse(textOf(value) ?? '');
  return Number.isNaN(instant) ? null : instant;
};

const itemsOf = (answer: unknown): readonly Fields[] => {
  const { items } = fieldsOf(answer);
  if (!Array.isArray(items)) throw new Error('Kubernetes answered without a list');
  return items.map(fieldsOf);
};

const readyCondition = (status: Fields): Fields | undefined =>
  listOf(status.conditions)
    .map(fieldsOf)
    .find(({ type }) => type === 'Ready');

const nodeOf = (item: Fields): NodeView => {
  const metadata = fieldsOf(item.metadata);
  const status = fieldsOf(item.status);
  const labels = fieldsOf(metadata.labels);
  return {
    name: textOf(metadata.name) ?? 'without a name',
    zone: textOf(labels['topology.kubernetes.io/zone']),
    instanceType: textOf(labels['node.kubernetes.io/instance-type']),
    architecture: textOf(labels['kubernetes.io/arch']),
    version: textOf(fieldsOf(status.nodeInfo).kubeletVersion),
    isReady: readyCondition(status)?.status === 'True',
    createdAt: instantOf(metadata.creationTimestamp),
  };
};

/** Why its containers do not run, if they say so: `ImagePullBackOff`, `CrashLoopBackOff`, `Completed`. */
const reasonOf = (containers: readonly Fields[]): string | null => {
  const states = containers.map(({ state }) => fieldsOf(state));
  const reasons = states.map(({ waiting, terminated }) => textOf(fieldsOf(waiting ?? terminated).reason));
  return reasons.find((reason) => reason !== null) ?? null;
};

/** `demo-6c9f7d5b8-x2x4z` is one of `demo`, `aws-node-7h2kq` one of `aws-node`. */
const appOf = (name: string, labels: Fields): string =>
  textOf(labels['app.kubernetes.io/name']) ??
  textOf(labels['k8s-app']) ??
  name.replace(/(?:-[0-9a-f]{6,10})?-[a-z0-9]{5}$/, '');

const podOf = (item: Fields): PodView => {
  const metadata = fieldsOf(item.metadata);
  const status = fieldsOf(item.status);
  const containers = listOf(status.containerStatuses).map(fieldsOf);
  const name = textOf(metadata.name) ?? 'without a name';
  const ready = readyCondition(status);
  const isReady = ready?.status === 'True';
  const state =
    textOf(metadata.deletionTimestamp) === null ? (reasonOf(containers) ?? textOf(status.phase)) : 'Terminating';
  return {
    name,
    namespace: textOf(metadata.namespace) ?? 'default',
    app: appOf(name, fieldsOf(metadata.labels)),
    node: textOf(fieldsOf(item.spec).nodeName),
    isReady,
    state: state ?? 'Unknown',
    restarts: containers.reduce((sum, { restartCount }) => sum + numberOf(restartCount), 0),
    createdAt: instantOf(metadata.creationTimestamp),
    readyAt: isReady ? instantOf(ready?.lastTransitionTime) : null,
  };
};

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => a.name.localeCompare(b.name);

/**
 * What is shown of Kubernetes' answers: names, places and states, and nothing of what a pod is made of. Throws an Error
 * when nodes or pods are no lists, as that must not look like a cluster without any.
 */
export const clusterViewOf = (answers: KubernetesAnswers): ClusterView => ({
  version: textOf(fieldsOf(answers.version).gitVersion),
  nodes: itemsOf(answers.nodes).map(nodeOf).toSorted(byName),
  pods: itemsOf(answers.pods).map(podOf).toSorted(byName),
});
