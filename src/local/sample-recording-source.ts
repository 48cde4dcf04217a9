import type { Instant } from '../lifecycle/deployment.ts';
import type { ObservedJob, ObservedPipeline } from '../lifecycle/observation.ts';
import { keepOf } from '../lifecycle/recorded-lines.ts';
import { type Recording, recordedJobs, recordingOf } from '../lifecycle/recording.ts';
import { costUsd, type Tombstone } from '../lifecycle/tombstone.ts';
import { createMaskedLines } from '../masking/masked-lines.ts';
import { type Action, type JobName, jobsOf } from './gitlab-simulator/pipeline-definition.ts';
import { encodeLines } from './gitlab-simulator/trace/encode-lines.ts';
import { DEFAULT_SEED } from './gitlab-simulator/trace/planted-secrets.ts';
import { COMPANIONS } from './gitlab-simulator/trace/resource-graph.ts';
import { RESOURCE_TABLE } from './gitlab-simulator/trace/resource-table.ts';
import { COMPRESSION, writeScript } from './gitlab-simulator/trace/write-script.ts';

/** Beside the ids of the seeded runs, which are on a fast clock; this one takes as long as a real one would. */
export const SAMPLE_RECORDING_ID = '01900000-0000-7000-8000-000000000000';

const CREATED_AT: Instant = Date.UTC(2026, 10, 17, 14, 2);
const QUEUED_MS = 9_000;
/** Between two jobs a runner has to be found. */
const BETWEEN_JOBS_MS = 4_000;
const PROBED_MS = 12_000;
const LIVED_MS = 41 * 60_000;
const PROOF_GAP_MS = 5 * 60_000;
const HOURLY_COST_USD = 0.19;

/** With what AWS makes by itself beside it. */
const ALL_ADDRESSES = [...RESOURCE_TABLE.map(({ address }) => address), ...Object.values(COMPANIONS).flat()];

interface PlayedJob {
  readonly job: ObservedJob;
  readonly lines: readonly string[];
}

/** What the simulator's script of a job says, masked as any log, and as long as its recording was. */
const play = (name: JobName, id: number, startedAt: Instant, isUp: boolean): PlayedJob => {
  const script = writeScript({
    job: name,
    deploymentId: SAMPLE_RECORDING_ID,
    seed: DEFAULT_SEED,
    jobId: id,
    pipelineId: isUp ? 1 : 2,
    ref: 'v1',
    sha: '0'.repeat(40),
    liveUrl: 'https://sample.demo.example/',
    present: name === 'destroy' ? ALL_ADDRESSES : [],
    deleting: [],
    unrecorded: [],
    brokenLock: null,
    outcome: { kind: 'success' },
    interruption: null,
  });
  const paceOf = COMPRESSION[name];
  const wallAt = (atMs: number): Instant => startedAt + atMs * paceOf;
  const masked = createMaskedLines({ accountIds: true });
  const trace = encodeLines(script.lines, { from: 0, wallAt, classic: false }).toString();
  const lines = [...masked.write(trace), ...masked.end()];
  const finishedAt = startedAt + script.durationMs * paceOf;
  const job = { id, name, stage: name, state: 'succeeded', startedAt, finishedAt, failureReason: null } as const;
  return { job, lines };
};

const playAll = (action: Action, from: Instant): readonly PlayedJob[] => {
  const played: PlayedJob[] = [];
  for (const { name, manual } of jobsOf(action)) {
    if (manual) continue;
    const startedAt = (played.at(-1)?.job.finishedAt ?? from - BETWEEN_JOBS_MS) + BETWEEN_JOBS_MS;
    played.push(play(name, played.length + 1, startedAt, action === 'apply'));
  }
  return played;
};

const pipelineOf = (id: number, played: readonly PlayedJob[]): ObservedPipeline => ({
  id,
  name: 'sample',
  status: 'success',
  terminal: true,
  sha: '0'.repeat(40),
  webUrl: '',
  createdAt: null,
  startedAt: null,
  finishedAt: null,
  jobs: played.map(({ job }) => job),
});

/**
 * Makes the recording of a run of about twelve minutes, marked as a sample: what the simulator's jobs would say without
 * their fast clock, masked and sampled as every run. The same whenever it is made. It takes too long for a start of the
 * server, so scripts/make-sample-recording.js keeps it in a file.
 */
export const makeSampleRecording = (): Recording => {
  const up = playAll('apply', CREATED_AT + QUEUED_MS);
  const liveAt = (up.at(-1)?.job.finishedAt ?? CREATED_AT) + PROBED_MS;
  const downAt = liveAt + LIVED_MS;
  const down = playAll('destroy', downAt + QUEUED_MS);
  const firstAt = down.at(-1)?.job.finishedAt ?? downAt;
  const goneAt = firstAt + PROOF_GAP_MS;
  const tombstone: Tombstone = {
    id: SAMPLE_RECORDING_ID,
    version: 1,
    createdAt: CREATED_AT,
    liveAt,
    downAt,
    reason: 'visitor',
    outcome: 'lived',
    gone: { kind: 'two-empty-readings', at: goneAt, firstAt, secondAt: goneAt },
    costUsd: costUsd(HOURLY_COST_USD, CREATED_AT, goneAt),
    hourlyCostUsd: HOURLY_COST_USD,
    destroyAttempts: 1,
    applyPipeline: pipelineOf(1, up),
    destroyPipeline: pipelineOf(2, down),
    controlTokenHash: null,
    sample: true,
  };
  const logs = [...up, ...down].map(({ lines }) => ({ lines: keepOf(lines), total: lines.length }));
  return recordingOf(tombstone, recordedJobs(tombstone), logs);
};
