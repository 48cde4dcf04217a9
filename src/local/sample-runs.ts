import type { Instant } from '../lifecycle/deployment.ts';
import type { JobState, ObservedJob, ObservedPipeline } from '../lifecycle/observation.ts';
import type { DeploymentLock } from '../lifecycle/ports.ts';
import { costUsd, type Tombstone } from '../lifecycle/tombstone.ts';

/** A made-up run: how long each stage took, in seconds, and how it went. */
interface SampleRun {
  readonly daysAgo: number;
  readonly plan: number;
  readonly apply: number;
  readonly verify: number;
  readonly livedMinutes: number;
  readonly destroy: number;
  readonly failed?: true;
}

/** Spread like the simulator's own runs, so that the forecast that is made of them fits what it plays. */
const SAMPLES: readonly SampleRun[] = [
  { daysAgo: 1, plan: 10, apply: 70, verify: 8, livedMinutes: 3, destroy: 24 },
  { daysAgo: 2, plan: 9, apply: 74, verify: 9, livedMinutes: 3, destroy: 26 },
  { daysAgo: 4, plan: 11, apply: 66, verify: 7, livedMinutes: 2, destroy: 23 },
  { daysAgo: 5, plan: 10, apply: 31, verify: 0, livedMinutes: 0, destroy: 21, failed: true },
  { daysAgo: 8, plan: 12, apply: 78, verify: 9, livedMinutes: 3, destroy: 27 },
  { daysAgo: 11, plan: 9, apply: 69, verify: 8, livedMinutes: 3, destroy: 24 },
  { daysAgo: 15, plan: 10, apply: 72, verify: 8, livedMinutes: 1, destroy: 25 },
  { daysAgo: 20, plan: 11, apply: 68, verify: 10, livedMinutes: 3, destroy: 24 },
];

const DAY_MS = 24 * 3_600_000;
const HOURLY_COST_USD = 0.19;
const PROOF_GAP_MS = 5_000;
/** From the click to the first job. */
const QUEUED_MS = 2_000;
/** From the last job to the first answer of the public URL. */
const PROBED_MS = 2_000;

const sampleJob = (id: number, name: string, state: JobState, startedAt: Instant, seconds: number): ObservedJob => ({
  id,
  name,
  stage: name,
  state,
  startedAt,
  finishedAt: startedAt + seconds * 1_000,
  failureReason: state === 'failed' ? 'script_failure' : null,
});

const samplePipeline = (id: number, name: string, jobs: readonly ObservedJob[]): ObservedPipeline => {
  const failed = jobs.some((job) => job.state === 'failed');
  return {
    id,
    name,
    status: failed ? 'failed' : 'success',
    terminal: true,
    sha: '0'.repeat(40),
    webUrl: '',
    createdAt: jobs[0]?.startedAt ?? null,
    startedAt: jobs[0]?.startedAt ?? null,
    finishedAt: jobs.at(-1)?.finishedAt ?? null,
    jobs,
  };
};

const sampleTombstone = (sample: SampleRun, index: number, now: Instant): Tombstone => {
  const createdAt = now - sample.daysAgo * DAY_MS;
  const id = `01900000-0000-7000-8000-${(index + 1).toString().padStart(12, '0')}`;
  const planAt = createdAt + QUEUED_MS;
  const applyAt = planAt + sample.plan * 1_000;
  const verifyAt = applyAt + sample.apply * 1_000;
  const applyJobs = [
    sampleJob(index * 10 + 1, 'plan', 'succeeded', planAt, sample.plan),
    sampleJob(index * 10 + 2, 'apply', sample.failed ? 'failed' : 'succeeded', applyAt, sample.apply),
    ...(sample.failed ? [] : [sampleJob(index * 10 + 3, 'verify', 'succeeded', verifyAt, sample.verify)]),
  ];
  const liveAt = sample.failed ? null : verifyAt + sample.verify * 1_000 + PROBED_MS;
  const downAt = liveAt === null ? verifyAt : liveAt + sample.livedMinutes * 60_000;
  const destroyedAt = downAt + sample.destroy * 1_000;
  const secondAt = destroyedAt + PROOF_GAP_MS;
  return {
    id,
    version: 1,
    createdAt,
    liveAt,
    downAt,
    reason: sample.failed ? 'deploy_failed' : 'expired',
    outcome: sample.failed ? 'failed' : 'lived',
    gone: { kind: 'two-empty-readings', at: secondAt, firstAt: destroyedAt, secondAt },
    costUsd: costUsd(HOURLY_COST_USD, createdAt, secondAt),
    hourlyCostUsd: HOURLY_COST_USD,
    destroyAttempts: 1,
    applyPipeline: samplePipeline(index * 10 + 1, 'sample apply', applyJobs),
    destroyPipeline: samplePipeline(index * 10 + 2, 'sample destroy', [
      sampleJob(index * 10 + 4, 'destroy', 'succeeded', downAt, sample.destroy),
    ]),
    controlTokenHash: null,
    sample: true,
  };
};

/** Eight made-up runs, marked as samples, so that forecast and ledger have something to show on the first day. */
export const sampleRuns = (now: Instant): readonly Tombstone[] =>
  SAMPLES.map((sample, index) => sampleTombstone(sample, index, now));

/** Writes the samples; ones that are there already stay as they are. */
export const seedSampleRuns = async (lock: Pick<DeploymentLock, 'archive'>, now: Instant): Promise<void> => {
  await Promise.all(sampleRuns(now).map((tombstone) => lock.archive(tombstone)));
};
