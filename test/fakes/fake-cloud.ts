import { isDeploymentId } from '../../src/lifecycle/deployment.ts';
import { DemoError } from '../../src/lifecycle/errors.ts';
import type { Inventory, LiveProbe, SecondDestroyer } from '../../src/lifecycle/ports.ts';
import type { FakeClock } from './fake-clock.ts';

export interface CloudFaults {
  inventory: 'none' | 'unknown' | 'deleting';
  probe: 'none' | 'absent' | 'unknown';
  arm: boolean;
  hasten: boolean;
  disarm: boolean;
  list: boolean;
  /** So many destroys leave something behind. */
  survives: number;
}

/** What really exists, and the ports that look at it. Whoever builds or destroys calls `build` and `destroy`. */
export interface FakeCloud extends Inventory, LiveProbe, SecondDestroyer {
  readonly faults: CloudFaults;
  /** When each schedule runs first. */
  readonly armed: Map<string, number>;
  /** And how often from then on, in milliseconds. */
  readonly periods: Map<string, number>;
  readonly hastened: string[];
  readonly exists: Set<string>;
  build(deploymentId: string): void;
  destroy(deploymentId: string): void;
}

export const createFakeCloud = (clock: FakeClock): FakeCloud => {
  const exists = new Set<string>();
  const armed = new Map<string, number>();
  const periods = new Map<string, number>();
  const hastened: string[] = [];
  const faults: CloudFaults = {
    inventory: 'none',
    probe: 'none',
    arm: false,
    hasten: false,
    disarm: false,
    list: false,
    survives: 0,
  };

  const destroy = (deploymentId: string): void => {
    if (faults.survives > 0) {
      faults.survives -= 1;
      return;
    }
    exists.delete(deploymentId);
  };
  const refuse = (isFailing: boolean, deploymentId: string): void => {
    if (isFailing || !isDeploymentId(deploymentId)) throw new DemoError('SECOND_DESTROYER_UNAVAILABLE');
  };

  return {
    faults,
    armed,
    periods,
    hastened,
    exists,
    build: (deploymentId) => {
      exists.add(deploymentId);
    },
    destroy,
    read: async (deploymentId) => {
      if (faults.inventory === 'unknown') return { answer: 'unknown', count: 0, detail: ['throttled'] };
      if (!exists.has(deploymentId)) return { answer: 'empty', count: 0, detail: [] };
      if (faults.inventory === 'deleting') return { answer: 'deleting', count: 1, detail: ['eks-cluster demo'] };
      return { answer: 'leftovers', count: 1, detail: ['eks-cluster demo'] };
    },
    sweep: async () => (faults.inventory === 'unknown' ? null : [...exists]),
    probe: async (_url, deploymentId) => {
      if (faults.probe !== 'none') return faults.probe;
      return exists.has(deploymentId) ? 'found' : 'absent';
    },
    arm: async (deploymentId, firstRunAt, everyMs) => {
      refuse(faults.arm, deploymentId);
      // The name is taken: what stands is left as it is.
      if (armed.has(deploymentId)) return;
      armed.set(deploymentId, firstRunAt);
      periods.set(deploymentId, everyMs);
    },
    disarm: async (deploymentId) => {
      refuse(faults.disarm, deploymentId);
      armed.delete(deploymentId);
      periods.delete(deploymentId);
    },
    hasten: async (deploymentId) => {
      refuse(faults.hasten || !armed.has(deploymentId), deploymentId);
      armed.set(deploymentId, clock.now());
      hastened.push(deploymentId);
      destroy(deploymentId);
    },
    list: async () => {
      if (faults.list) throw new DemoError('SECOND_DESTROYER_UNAVAILABLE');
      return [...armed.keys()].filter(isDeploymentId);
    },
  };
};
