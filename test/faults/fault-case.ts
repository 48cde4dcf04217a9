import type { Test } from 'tap';
import type { Policy } from '../../src/lifecycle/deployment.ts';
import { FAULTS, type FaultName } from '../../src/local/gitlab-simulator/fault-table.ts';
import { createScene, type Scene } from './scene.ts';

/** One way in which a fault strikes. `outcome` says what the visitor sees and what the controller does. */
export interface FaultCase {
  readonly when: string;
  readonly outcome: string;
  /** Default the real one; what takes hours is played by local durations. */
  readonly policy?: Policy;
  readonly play: (t: Test, scene: Scene) => Promise<void>;
}

/** Plays the cases, each on a scene of its own. */
export const playCases = (t: Test, cases: Partial<Readonly<Record<FaultName, readonly FaultCase[]>>>): void => {
  for (const [name, list] of Object.entries(cases)) {
    for (const { when, outcome, policy, play } of list) {
      t.test(`Given ${name}: ${FAULTS[name as FaultName].does}; when ${when}, then ${outcome}`, async (t) =>
        play(t, await createScene(t, policy)),
      );
    }
  }
};
