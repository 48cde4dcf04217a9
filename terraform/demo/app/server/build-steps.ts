import type { ClusterView, PodView } from './cluster-view.ts';
import type { Facts } from './facts.ts';

export interface BuildStep {
  readonly title: string;
  readonly detail: string;
  readonly at: number;
}

export const APP_NAMESPACE = 'demo';

const earliest = (instants: readonly (number | null)[]): number | null => {
  const known = instants.filter((instant) => instant !== null);
  return known.length === 0 ? null : Math.min(...known);
};

const isSystem = ({ namespace }: PodView): boolean => namespace === 'kube-system';
const isApp = ({ namespace }: PodView): boolean => namespace === APP_NAMESPACE;

/**
 * How the cluster came to be, as far as it can tell itself, in the order in which it happened. The pods of DNS are made with
 * the control plane, before there is a node: so the first pod of the system tells when it answered. Only what is known is
 * in it.
 */
export const buildStepsOf = (facts: Facts, { nodes, pods }: ClusterView): readonly BuildStep[] => {
  const steps = [
    { title: 'Build started', detail: 'A pipeline ran Terraform', at: facts.buildStartedAt },
    {
      title: 'Control plane answered',
      detail: 'Amazon EKS made it, while load balancer and nodes were made beside it',
      at: earliest(pods.filter(isSystem).map(({ createdAt }) => createdAt)),
    },
    {
      title: 'First node joined',
      detail: 'It had booted long before, and waited for the control plane',
      at: earliest(nodes.map(({ createdAt }) => createdAt)),
    },
    {
      title: 'This page was ready',
      detail: 'The first of its pods passed its check',
      at: earliest(pods.filter(isApp).map(({ readyAt }) => readyAt)),
    },
  ];
  return steps.filter((step): step is BuildStep => step.at !== null).toSorted((a, b) => a.at - b.at);
};
