import { DemoError } from '../../src/lifecycle/errors.ts';
import type { Inventory, LiveProbe, SecondDestroyer } from '../../src/lifecycle/ports.ts';
import type { FakeClock } from './fake-clock.ts';

export interface CloudFaults {
  inventory: 'none' | 'unknown' | 'deleting';
  probe: 'none' | 'absent' | 'unknown';
  arm: boolean;
  hasten: boolean;
  disarm: boolean;
  /** So many destroys leave something behind. */
  survives: number;
}

/** What really exists, and the ports that look at it. Whoever builds or destroys calls `build` and `destroy`. */
export interface FakeCloud extends Inventory, LiveProbe, SecondDestroyer {
  readonly faults: CloudFaults;
  readonly armed: Map<string, number>;
  readonly hastened: string[];
  readonly exists: Set<string>;
  build(deploymentId: string): void;
  destroy(deploymentId: string): void;
}

export const createFakeCloud = (clock: FakeClock): FakeCloud => {
  const exists = new Set<string>();
  const armed = new Map<string, number>();
  const hastened: string[] = [];
  const faults: CloudFaults = {
    inventory: 'none',
    probe: 'none',
    arm: false,
    hasten: false,
    disarm: false,
    survives: 0,
  };

  const destroy = (deploymentId: string): void => {
    if (faults.survives > 0) {
      faults.survives -= 1;
      return;
    }
    exists.delete(deploymentId);
  };
  const refuse = (isFailing: boolean): void => {
    if (isFailing) throw new DemoError('SECOND_DESTROYER_UNAVAILABLE');
  };

  return {
    faults,
    armed,
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
    arm: async (deploymentId, firstRunAt) => {
      refuse(faults.arm);
      armed.set(deploymentId, firstRunAt);
    },
    disarm: async (deploymentId) => {
      refuse(faults.disarm);
      armed.delete(deploymentId);
    },
    hasten: async (deploymentId) => {
      refuse(faults.hasten);
      armed.set(deploymentId, clock.now());
      hastened.push(deploymentId);
      destroy(deploymentId);
    },
    list: async () => [...armed.keys()],
  };
};
