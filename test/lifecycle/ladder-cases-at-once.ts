import type { Deployment } from '../../src/lifecycle/deployment.ts';
import {
  APPLIED,
  APPLYING,
  attemptOf,
  created,
  DESTROYED,
  DESTROYING,
  downSince,
  jobOf,
  LIVE,
  LIVE_URL,
  listedOf,
  lookedAt,
  minute,
  pipelineOf,
  probeOf,
  readingOf,
  refused,
  SECOND_MS,
  START,
  settledAs,
} from '../fakes/records.ts';
import { ADOPTED, type Case, LEFTOVERS, UNANSWERED } from './ladder-cases.ts';

const settledApply = (...settlement: Parameters<typeof settledAs>): Partial<Deployment> => ({
  attempts: [attemptOf('apply', { settled: settledAs(...settlement) })],
  replies: { apply: created(1) },
});
/** Cases that hold whatever the time is. */
export const AT_ONCE: readonly Case[] = [
  {
    rung: 'proven gone; the end order is left',
    step: { do: 'release' },
    deployment: { goal: downSince(START), gone: { kind: 'never-built', at: START } },
  },
  {
    rung: "GitLab's auto-stop job runs",
    step: { do: 'go-down', reason: 'auto_stop' },
    deployment: LIVE,
    observation: {
      applyPipeline: pipelineOf('apply', 'succeeded', {
        jobs: [jobOf('apply', 'succeeded'), jobOf('stop', 'running')],
      }),
    },
  },
  { rung: 'the second destroyer is not armed', step: { do: 'arm' }, deployment: { armedAt: null, preflightAt: null } },
  {
    rung: 'no apply was asked for, and not everything was just found to work',
    step: { do: 'preflight' },
    deployment: { preflightAt: null },
  },
  {
    rung: 'no apply was asked for, and not everything was just found to work',
    step: { do: 'preflight' },
    deployment: { preflightAt: minute(29) },
  },
  {
    rung: 'no apply was asked for',
    step: { do: 'request', direction: 'apply', quarantined: false },
    deployment: { preflightAt: minute(29) + 1 },
  },
  {
    rung: 'GitLab refused for good, or there is no time or wish to ask again',
    step: {
      do: 'settle',
      requestId: 'apply',
      end: { outcome: 'refused', jobStarted: false, startedAt: null, finishedAt: null },
    },
    deployment: { ...UNANSWERED, replies: { apply: refused({ retryable: false }) } },
  },
  {
    rung: 'GitLab refused for good, or there is no time or wish to ask again',
    step: { do: 'settle', requestId: 'apply' },
    deployment: { ...UNANSWERED, goal: downSince(START), replies: { apply: refused() } },
  },
  {
    rung: 'its pipeline was found by name',
    step: { do: 'adopt', requestId: 'apply', pipelineId: 1, sha: 'c0ffee' },
    deployment: UNANSWERED,
    observation: { listing: { at: START, pipelines: [listedOf('apply')] } },
  },
  {
    rung: 'proven never to have arrived, and no longer wanted or possible',
    step: {
      do: 'settle',
      requestId: 'apply',
      end: { outcome: 'absent', jobStarted: false, startedAt: null, finishedAt: null },
    },
    deployment: { ...UNANSWERED, goal: downSince(minute(1)) },
    observation: { listing: { at: minute(4), pipelines: [] } },
  },
  {
    rung: 'GitLab no longer knows its pipeline',
    step: {
      do: 'settle',
      requestId: 'apply',
      end: { outcome: 'unknown', jobStarted: false, startedAt: null, finishedAt: null },
    },
    deployment: APPLYING,
    observation: { look: { pipelineId: 1, at: START, pipeline: null } },
  },
  {
    rung: 'GitLab no longer knows its pipeline',
    step: {
      do: 'settle',
      requestId: 'destroy',
      end: { outcome: 'unknown', jobStarted: true, startedAt: START + 20 * SECOND_MS, finishedAt: null },
    },
    deployment: DESTROYING,
    observation: {
      look: { pipelineId: 2, at: START, pipeline: null },
      destroyPipeline: pipelineOf('destroy', 'running'),
    },
  },
  {
    rung: 'its job ended',
    step: {
      do: 'settle',
      requestId: 'apply',
      end: { outcome: 'failed', jobStarted: true, startedAt: START + 20 * SECOND_MS, finishedAt: minute(12) },
    },
    deployment: APPLYING,
    observation: lookedAt(pipelineOf('apply', 'failed'), START),
  },
  {
    rung: 'its recorded pipeline waits, and a double of it runs',
    step: { do: 'disown', requestId: 'apply' },
    deployment: APPLYING,
    observation: {
      ...lookedAt(pipelineOf('apply', 'waiting'), minute(30)),
      listing: { at: minute(30), pipelines: [listedOf('apply'), listedOf('apply', { id: 3, running: true })] },
    },
  },
  {
    rung: 'nothing was ever sent, or every request was refused, and no pipeline is there',
    step: { do: 'prove', proof: { kind: 'never-built', at: minute(30) } },
    deployment: { goal: downSince(START) },
    observation: { readings: [readingOf('empty', minute(29))] },
  },
  {
    rung: 'nothing was ever sent, or every request was refused, and no pipeline is there',
    step: { do: 'prove', proof: { kind: 'never-built', at: minute(30) } },
    // So soon after the lock nobody else can know the id.
    deployment: { createdAt: minute(30) - 59_999, goal: downSince(minute(30)) },
  },
  {
    rung: 'an apply is still open and not cancelled',
    step: { do: 'cancel', requestId: 'apply', pipelineId: 1 },
    deployment: { ...APPLYING, goal: downSince(minute(29)) },
    observation: lookedAt(pipelineOf('apply', 'running'), minute(30)),
  },
  {
    rung: 'the apply was never made or never started',
    step: { do: 'go-down', reason: 'not_started' },
    deployment: settledApply('canceled', minute(1), false),
  },
  {
    rung: "the apply's fate is unknown",
    step: { do: 'go-down', reason: 'deploy_unknown' },
    deployment: settledApply('unknown', minute(1), false),
  },
  {
    rung: 'the apply failed',
    step: { do: 'go-down', reason: 'deploy_failed' },
    deployment: settledApply('failed', minute(1)),
  },
  {
    rung: 'the apply failed',
    step: { do: 'go-down', reason: 'deploy_failed' },
    deployment: settledApply('canceled', minute(1)),
  },
  {
    rung: 'the public URL answered with our id',
    step: { do: 'go-live', url: LIVE_URL, at: minute(13) },
    deployment: APPLIED,
    observation: {
      outputs: { at: minute(12), url: LIVE_URL, problem: null },
      probe: probeOf('found', minute(13)),
    },
  },
  {
    rung: 'the pipeline named a link that is not allowed',
    step: { do: 'go-down', reason: 'not_live' },
    deployment: APPLIED,
    observation: { outputs: { at: minute(12), url: null, problem: 'not_allowed' } },
  },
  {
    rung: 'an apply may have started, and nothing was destroyed yet',
    step: { do: 'request', direction: 'destroy', quarantined: false },
    deployment: { ...LIVE, goal: downSince(minute(29)) },
  },
  {
    rung: 'an apply may have started, and nothing was destroyed yet',
    step: { do: 'request', direction: 'destroy' },
    deployment: { ...ADOPTED, goal: downSince(minute(29)) },
  },
  {
    rung: 'leftovers, and attempts are left',
    step: { do: 'schedule-destroy' },
    deployment: { ...DESTROYED, countedDestroys: 2 },
    observation: LEFTOVERS,
  },
  {
    rung: 'leftovers, and no attempt is left',
    step: { do: 'quarantine' },
    deployment: { ...DESTROYED, countedDestroys: 3 },
    observation: LEFTOVERS,
  },
];
