import type { Test } from 'tap';
import type { Policy } from '../../src/lifecycle/deployment.ts';
import { FAULTS, type FaultName } from '../../src/local/gitlab-simulator/fault-table.ts';
import { createScene, type Scene } from './scene.ts';

/** One way in which a fault strikes. `outcome` says what the visitor sees and what the controller does. */
export interface FaultCase {
  readonly when: string;
  readonly outcome: string;
  /**
   * Everything that `/healthz` complains about while it lasts, in the order in which it begins to: failing checks and
   * jobs by their names, `dead_letters` and `overdue_deployments`. None: it says `ok` all the time.
   */
  readonly health: readonly string[];
  /** What it still complains about a minute after the fault and the demo are gone; default nothing. */
  readonly healthAfter?: readonly string[];
  /** Default the real one; what takes hours is played by local durations. */
  readonly policy?: Policy;
  readonly play: (t: Test, scene: Scene) => Promise<void>;
}

/** No dependency can be asked whether this works, so a demo that came to nothing is told until another one is live. */
export const NOT_BUILT = { health: ['latest_start'], healthAfter: ['latest_start'] } as const;

const MINUTE_MS = 60_000;

/** Plays the cases, each on a scene of its own. */
export const playCases = (t: Test, cases: Partial<Readonly<Record<FaultName, readonly FaultCase[]>>>): void => {
  for (const [name, list] of Object.entries(cases)) {
    for (const { when, outcome, policy, health, healthAfter = [], play } of list) {
      t.test(`Given ${name}: ${FAULTS[name as FaultName].does}; when ${when}, then ${outcome}`, async (t) => {
        const scene = await createScene(t, policy);
        await play(t, scene);
        t.same(scene.troubles(), health, '/healthz told this, and nothing else');
        scene.repair();
        scene.clock.advance(MINUTE_MS);
        t.same(await scene.healthz(), healthAfter, '/healthz afterwards');
      });
    }
  }
};
