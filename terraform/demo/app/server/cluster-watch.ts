import { type ClusterView, clusterViewOf } from './cluster-view.ts';
import type { KubernetesApi } from './kubernetes-api.ts';

/** What is known of the cluster, and since when. */
export type Sight =
  | { readonly view: ClusterView; readonly seenAt: number; readonly isCurrent: boolean }
  | { readonly view: null };

export interface ClusterWatch {
  /** Never throws: when Kubernetes does not answer, it is what was seen last, which says so. */
  look(): Promise<Sight>;
}

export interface ClusterWatchOptions {
  readonly api: KubernetesApi;
  readonly now: () => number;
  /** For so long one look serves everybody. */
  readonly freshMs?: number;
  readonly onTrouble?: (error: unknown) => void;
}

/** Makes a watch that asks Kubernetes once per moment, however many visitors look. */
export const createClusterWatch = ({ api, now, freshMs = 2_000, onTrouble }: ClusterWatchOptions): ClusterWatch => {
  let last: Sight = { view: null };
  let askedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<Sight> | null = null;

  const ask = async (): Promise<Sight> => {
    try {
      const view = clusterViewOf(await api.read());
      last = { view, seenAt: now(), isCurrent: true };
    } catch (error) {
      onTrouble?.(error);
      if (last.view !== null) last = { ...last, isCurrent: false };
    } finally {
      askedAt = now();
      running = null;
    }
    return last;
  };

  return {
    async look() {
      if (running === null && now() - askedAt < freshMs) return last;
      running ??= ask();
      return running;
    },
  };
};
