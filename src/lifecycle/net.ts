import type { DecisionStep } from './decisions.ts';
import type { Deployment } from './deployment.ts';
import { isDemoError } from './errors.ts';
import type { ActiveRecord, Clock, DeploymentReader, EventLog, Preflight, SecondDestroyer } from './ports.ts';
import type { Step } from './step.ts';

export interface NetDeps {
  readonly store: Pick<DeploymentReader, 'tombstone'>;
  readonly secondDestroyer: Pick<SecondDestroyer, 'arm' | 'hasten'>;
  readonly preflight: Pick<Preflight, 'run'>;
  readonly clock: Clock;
  readonly log: EventLog;
}

/** One conditional write; null when another one was faster. */
type Write = (record: ActiveRecord, step: DecisionStep) => Promise<Deployment | null>;

/** What has to hold before anything is built, and what is left when everything else fails. False: a lost race. */
export interface Net {
  /**
   * Arms the second destroyer. If that fails, or the deployment has had its life already, the goal goes down, and nothing
   * was built.
   */
  arm(record: ActiveRecord): Promise<boolean>;
  /** Asks whether all that a demo needs works. If not, the goal goes down, and nothing was built. */
  preflight(record: ActiveRecord): Promise<boolean>;
  /** Tells the second destroyer to run now. */
  hasten(record: ActiveRecord, step: Extract<Step, { do: 'hasten' | 'use-second-destroyer' }>): Promise<boolean>;
}

/** Makes the steps around the second destroyer and the pre-flight. */
export const createNet = (deps: NetDeps, write: Write): Net => {
  const { clock, log } = deps;
  return {
    arm: async (record) => {
      const { owner, hardEndAt, policy } = record.deployment;
      // A copy of the request for the lock came after the release. The first life's disarming may be as late, and would
      // then take the schedule from the second.
      if ((await deps.store.tombstone(owner)) !== null) {
        log.event('warn', 'deployment.second_life', { deploymentId: owner });
        return (await write(record, { do: 'go-down', reason: 'not_started' })) !== null;
      }
      try {
        await deps.secondDestroyer.arm(owner, hardEndAt + policy.secondDestroyerDelayMs, policy.secondDestroyerEveryMs);
      } catch (error) {
        if (!isDemoError(error, 'SECOND_DESTROYER_UNAVAILABLE')) throw error;
        log.event('error', 'second_destroyer.not_armed', { deploymentId: owner, error });
        return (await write(record, { do: 'go-down', reason: 'arm_failed' })) !== null;
      }
      return (await write(record, { do: 'arm' })) !== null;
    },

    // Asked again although the button was only offered after it: what worked a minute ago may not work now.
    preflight: async (record) => {
      const { failed } = await deps.preflight.run();
      if (failed.length === 0) return (await write(record, { do: 'preflight' })) !== null;
      log.event('error', 'preflight.failed', { deploymentId: record.deployment.owner, failed });
      return (await write(record, { do: 'go-down', reason: 'preflight_failed' })) !== null;
    },

    // Claimed first, so that an outage of the second destroyer is asked again later and holds up nothing else.
    hasten: async (record, step) => {
      const { owner, armedAt, policy } = record.deployment;
      if ((await write(record, step)) === null) return false;
      log.event('error', 'second_destroyer.hastened', { deploymentId: owner, why: step.do });
      try {
        // An adopted orphan was never armed by us; one that still has its schedule keeps it.
        if (armedAt === null) await deps.secondDestroyer.arm(owner, clock.now(), policy.secondDestroyerEveryMs);
        await deps.secondDestroyer.hasten(owner);
      } catch (error) {
        if (!isDemoError(error, 'SECOND_DESTROYER_UNAVAILABLE')) throw error;
        log.event('error', 'second_destroyer.unavailable', { deploymentId: owner, error });
      }
      return true;
    },
  };
};
