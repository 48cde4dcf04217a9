import { isDue } from './due.ts';
import { namedJob } from './facts.ts';
import type { Rung } from './rung.ts';
import type { Situation } from './situation.ts';

/** A list that keeps failing, or a poll that takes longer than until the next one, must not keep the other from its turn. */
const isListsTurn = ({ dues, now, openLook, observation }: Situation): boolean =>
  !isDue(dues.pollAt, now) || (observation.listingTriedAt ?? 0) <= (openLook?.at ?? 0);

/**
 * Everything that only looks. These stand below whatever decides: a look may fail, or hang, and be due again at once, and
 * must not hold up the way down.
 */
export const LOOK_RUNGS: readonly Rung[] = [
  {
    state: 'any',
    condition: 'no answer to the request or a refusal for now, and a look is due',
    step: 'look-up',
    take: (s) =>
      s.open !== null && s.openPipelineId === null && isDue(s.dues.lookUpAt, s.now) ? { do: 'look-up' } : null,
  },
  {
    state: 'any',
    condition: 'pipelines carry our id that must not go on',
    step: 'cancel-strangers',
    take: (s) =>
      s.strangers.length > 0 && isDue(s.dues.cancelStrangersAt, s.now)
        ? { do: 'cancel-strangers', pipelineIds: s.strangers }
        : null,
  },
  {
    state: 'any',
    condition: 'its pipeline is recorded, and a check for a double is due',
    step: 'look-up',
    take: (s) => (isDue(s.dues.doubleCheckAt, s.now) && isListsTurn(s) ? { do: 'look-up' } : null),
  },
  {
    state: 'any',
    condition: 'its pipeline runs, and a poll is due',
    step: 'poll',
    take: (s) =>
      s.openPipelineId !== null && isDue(s.dues.pollAt, s.now) ? { do: 'poll', pipelineId: s.openPipelineId } : null,
  },
  {
    state: 'up',
    condition: 'applied, and its link is not known',
    step: 'read-live-url',
    take: (s) => {
      if (s.observation.outputs?.url != null || !isDue(s.dues.outputsAt, s.now)) return null;
      const job = s.observation.applyPipeline === null ? null : namedJob(s.observation.applyPipeline, 'apply');
      return job === null ? null : { do: 'read-live-url', jobId: job.id };
    },
  },
  {
    state: 'up',
    condition: 'its link is known, and a probe is due',
    step: 'probe',
    take: (s) => {
      const url = s.deployment.liveUrl ?? s.observation.outputs?.url ?? null;
      return url !== null && isDue(s.dues.probeAt, s.now) ? { do: 'probe', url } : null;
    },
  },
  {
    state: 'up',
    condition: 'live, and a look at its pipeline is due',
    step: 'poll',
    take: (s) =>
      s.deployment.liveAt !== null && s.observation.applyPipeline !== null && isDue(s.dues.pollAt, s.now)
        ? { do: 'poll', pipelineId: s.observation.applyPipeline.id }
        : null,
  },
  {
    state: 'down',
    condition: 'a look at what is left is due',
    step: 'read-inventory',
    take: (s) => (s.open === null && isDue(s.dues.inventoryAt, s.now) ? { do: 'read-inventory' } : null),
  },
];
