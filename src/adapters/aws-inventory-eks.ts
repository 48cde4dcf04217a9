import {
  type Cluster,
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  ListClustersCommand,
  ListNodegroupsCommand,
} from '@aws-sdk/client-eks';
import { InventoryUnknownError } from './aws-inventory-calls.ts';
import {
  type Found,
  type FoundState,
  foundThing,
  inheriting,
  keyOf,
  type Question,
  type ResourceKind,
  type Tag,
} from './aws-inventory-kind.ts';

const CLUSTER = 'eks:cluster';
const NODEGROUP = 'eks:nodegroup';

/** EKS says it of a cluster and of a node group alike; a node group is also listed for a moment after it is gone. */
const ABSENT = ['ResourceNotFoundException'];

/** The most that a page of EKS may hold, and the most clusters that an account may have in a region by itself. */
const PAGE_SIZE = 100;
const MAX_CLUSTERS = 100;

export const clusterKey = (name: string): string => keyOf(CLUSTER, name);
export const nodegroupKey = (cluster: string, name: string): string => keyOf(NODEGROUP, `${cluster}/${name}`);

const stateOf = (status: string | undefined): FoundState => (status === 'DELETING' ? 'deleting' : 'there');

const tagsOf = (tags: Readonly<Record<string, string>> | undefined): readonly Tag[] =>
  Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));

/** Null when there is none of that name. */
const describeCluster = async ({ calls, clients }: Question, name: string): Promise<Found | null> => {
  const answer = await calls.askOrAbsent('eks:DescribeCluster', ABSENT, (abortSignal) =>
    clients.eks.send(new DescribeClusterCommand({ name }), { abortSignal }),
  );
  if (answer === null) return null;
  const cluster: Cluster = answer.cluster ?? {};
  return foundThing({
    kind: CLUSTER,
    id: cluster.name,
    tags: tagsOf(cluster.tags),
    names: [cluster.name],
    state: stateOf(cluster.status),
  });
};

const present = <T>(values: readonly (T | null)[]): readonly T[] => values.filter((value) => value !== null);

/**
 * Every cluster is asked for, since a list tells no tags: the most expensive thing there is must not hang on whether the
 * tagging API knows of it yet. Ours are asked for by their very names as well, because a list may lag behind a create.
 */
export const eksCluster: ResourceKind = {
  type: CLUSTER,
  arnTypes: [CLUSTER],
  idOf: ({ resource }) => resource,

  async find(question) {
    const { calls, clients, scope, nominated } = question;
    const listed = await calls.pages('eks:ListClusters', async (abortSignal, nextToken) => {
      const command = new ListClustersCommand({ maxResults: PAGE_SIZE, nextToken });
      const answer = await clients.eks.send(command, { abortSignal });
      return { items: answer.clusters, next: answer.nextToken };
    });
    if (listed.length > MAX_CLUSTERS) throw new InventoryUnknownError(`eks:ListClusters: more than ${MAX_CLUSTERS}`);
    const wanted = new Set([...listed, ...nominated, ...(scope.mark === null ? scope.names : [])]);
    return present(await Promise.all([...wanted].map((name) => describeCluster(question, name))));
  },
};

const describeNodegroup = async ({ calls, clients, before }: Question, id: string): Promise<Found | null> => {
  const [clusterName = '', nodegroupName = ''] = id.split('/');
  const answer = await calls.askOrAbsent('eks:DescribeNodegroup', ABSENT, (abortSignal) =>
    clients.eks.send(new DescribeNodegroupCommand({ clusterName, nodegroupName }), { abortSignal }),
  );
  if (answer === null) return null;
  const { status, tags } = answer.nodegroup ?? {};
  const found = foundThing({
    kind: NODEGROUP,
    id: answer.nodegroup?.nodegroupName && id,
    tags: tagsOf(tags),
    names: [clusterName, nodegroupName],
    state: stateOf(status),
  });
  return inheriting(
    found,
    before.find((thing) => thing.kind === CLUSTER && thing.id === clusterName),
  );
};

const listNodegroups = async ({ calls, clients }: Question, clusterName: string): Promise<readonly string[]> => {
  const page = async (abortSignal: AbortSignal, nextToken: string | undefined) => {
    const command = new ListNodegroupsCommand({ clusterName, maxResults: PAGE_SIZE, nextToken });
    const answer = await clients.eks.send(command, { abortSignal });
    return { items: answer.nodegroups, next: answer.nextToken };
  };
  const names = await calls.pages('eks:ListNodegroups', page, ABSENT);
  return names.map((name) => `${clusterName}/${name}`);
};

/** Each carries what its cluster carries: its own name is often AWS's or Terraform's choice. */
export const eksNodegroup: ResourceKind = {
  type: NODEGROUP,
  arnTypes: [NODEGROUP],
  // The rest of it is a UUID by which nothing can be asked.
  idOf: ({ resource }) => resource.split('/').slice(0, 2).join('/'),

  async find(question) {
    const { before, nominated } = question;
    const clusters = before.filter(({ kind, state }) => kind === CLUSTER && state !== 'gone');
    const listed = await Promise.all(clusters.map(({ id }) => listNodegroups(question, id)));
    const wanted = new Set([...listed.flat(), ...nominated]);
    return present(await Promise.all([...wanted].map((id) => describeNodegroup(question, id))));
  },
};

const clusterOf = (id: string): string => id.split('/')[0] ?? '';

/**
 * What is a part of a cluster, ends with it and costs nothing by itself: the cluster's own Describe answers for it.
 * Only its cluster's name is shown, since an access entry's own holds an account id.
 */
const partOfCluster = (type: string): ResourceKind => ({
  type,
  arnTypes: [type],
  idOf: ({ resource }) => resource,

  async find(question) {
    const names = [...new Set(question.nominated.map(clusterOf))];
    const clusters = present(await Promise.all(names.map((name) => describeCluster(question, name))));
    return question.nominated.flatMap((id) => {
      const cluster = clusters.find((candidate) => candidate.id === clusterOf(id));
      if (cluster === undefined) return [];
      return [foundThing({ kind: type, id, shownAs: `of ${cluster.id}`, state: cluster.state })];
    });
  },
});

export const EKS_PARTS: readonly ResourceKind[] = [
  'eks:access-entry',
  'eks:addon',
  'eks:fargateprofile',
  'eks:podidentityassociation',
].map(partOfCluster);
