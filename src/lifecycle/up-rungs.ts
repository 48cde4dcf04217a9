import { isDue } from './due.ts';
import { goDown, type Rung, wasSeenNotStarted } from './rung.ts';
import type { Situation } from './situation.ts';

/** What was found to work says nothing any more after so long, as when the process died between it and the request. */
const PREFLIGHT_VALID_MS = 60_000;

const hasPreflight = ({ deployment: { preflightAt }, now }: Situation): boolean =>
  preflightAt !== null && now - preflightAt < PREFLIGHT_VALID_MS;

/** Up, until it is live. */
export const BIRTH_RUNGS: readonly Rung[] = [
  {
    state: 'up',
    condition: 'the hard end has come',
    step: 'go-down',
    take: goDown('hard_end', (s) => isDue(s.dues.hardEndAt, s.now)),
  },
  {
    state: 'up',
    condition: 'its time is over',
    step: 'go-down',
    take: goDown('expired', (s) => isDue(s.dues.expiresAt, s.now)),
  },
  {
    state: 'up',
    condition: 'not live by the deploy deadline',
    step: 'go-down',
    take: goDown('deploy_timeout', (s) => isDue(s.dues.deployDeadlineAt, s.now)),
  },
  {
    state: 'up',
    condition: "GitLab's auto-stop job runs",
    step: 'go-down',
    take: goDown(
      'auto_stop',
      (s) => s.observation.applyPipeline?.jobs.some((job) => job.name === 'stop' && job.startedAt !== null) ?? false,
    ),
  },
  {
    state: 'up',
    condition: 'the second destroyer is not armed',
    step: 'arm',
    take: (s) => (s.deployment.armedAt === null ? { do: 'arm' } : null),
  },
  {
    state: 'up',
    condition: 'no apply was asked for, and not everything was just found to work',
    step: 'preflight',
    take: (s) => (s.apply === null && !hasPreflight(s) ? { do: 'preflight' } : null),
  },
  {
    state: 'up',
    condition: 'no apply was asked for',
    step: 'request',
    take: (s) => (s.apply === null ? { do: 'request', direction: 'apply', quarantined: false } : null),
  },
];

/** Up: from the end of the apply to the end of the life. */
export const LIFE_RUNGS: readonly Rung[] = [
  {
    state: 'up',
    condition: 'the apply did not start in time',
    step: 'go-down',
    take: goDown('not_started', wasSeenNotStarted),
  },
  {
    state: 'up',
    condition: 'the apply was never made or never started',
    step: 'go-down',
    take: goDown(
      'not_started',
      (s) => s.apply?.settled != null && s.apply.settled.outcome !== 'unknown' && !s.apply.settled.jobStarted,
    ),
  },
  {
    state: 'up',
    condition: "the apply's fate is unknown",
    step: 'go-down',
    take: goDown('deploy_unknown', (s) => s.apply?.settled?.outcome === 'unknown'),
  },
  {
    state: 'up',
    condition: 'the apply failed',
    step: 'go-down',
    take: goDown('deploy_failed', (s) => s.apply?.settled != null && s.apply.settled.outcome !== 'succeeded'),
  },
  {
    state: 'up',
    condition: 'the public URL answered with our id',
    step: 'go-live',
    take: ({ deployment, observation }) =>
      deployment.liveAt === null && observation.probe?.verdict === 'found' && observation.outputs?.url != null
        ? { do: 'go-live', url: observation.outputs.url, at: observation.probe.at }
        : null,
  },
  {
    state: 'up',
    condition: 'the pipeline named a link that is not allowed',
    step: 'go-down',
    take: goDown('not_live', (s) => s.deployment.liveAt === null && s.observation.outputs?.problem != null),
  },
  {
    state: 'up',
    condition: 'applied, and not live by the live deadline',
    step: 'go-down',
    take: goDown('not_live', (s) => s.deployment.liveAt === null && isDue(s.dues.liveDeadlineAt, s.now)),
  },
  {
    state: 'up',
    condition: 'live, and not healthy for too long',
    step: 'go-down',
    // A probe at the end of that time, not the clock alone: one failure before a pause of ours is not ten minutes.
    take: goDown(
      'unhealthy',
      ({ dues, observation: { probe } }) => probe?.verdict === 'absent' && isDue(dues.unhealthyAt, probe.at),
    ),
  },
];
