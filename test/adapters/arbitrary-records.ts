import fc from 'fast-check';
import { OBSERVATION_BOUNDS } from '../../src/adapters/observation-bounds.ts';
import type {
  Attempt,
  Deployment,
  DownReason,
  Goal,
  Outcome,
  Policy,
  Proof,
  Reply,
} from '../../src/lifecycle/deployment.ts';
import type {
  InventoryReading,
  ListedPipeline,
  Observation,
  ObservedJob,
  ObservedPipeline,
} from '../../src/lifecycle/observation.ts';
import type { ActiveRecord } from '../../src/lifecycle/ports.ts';
import type { Tombstone } from '../../src/lifecycle/tombstone.ts';
import { SAMPLE_POLICY } from '../fakes/sample-records.ts';

/** Any record that the lifecycle could make, for properties. */

const instant = fc.nat({ max: 4_102_444_800_000 });
const id = fc.nat({ max: 2 ** 40 });
// Short enough for every bound of a text. Some graphemes, as of musical notes, are a dozen bytes long.
const SHORTEST_BOUND_BYTES = Math.min(OBSERVATION_BOUNDS.jobStageBytes, OBSERVATION_BOUNDS.statusBytes);
const words = fc
  .string({ unit: 'grapheme', maxLength: 4 })
  .filter((text) => Buffer.byteLength(text) <= SHORTEST_BOUND_BYTES);
const uuid = fc.uuid({ version: 7 });
const orNull = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values, { nil: null });
const money = fc.double({ min: 0, max: 1_000, noNaN: true }).map((value) => Math.round(value * 10_000) / 10_000);

const reason = fc.constantFrom<DownReason>('visitor', 'owner', 'expired', 'hard_end', 'nightly', 'adopted_orphan');

const goal: fc.Arbitrary<Goal> = fc.oneof(
  fc.record({ direction: fc.constant('up' as const) }),
  fc.record({ direction: fc.constant('down' as const), reason, since: instant }),
);

const proof: fc.Arbitrary<Proof> = fc.oneof(
  fc.record({ kind: fc.constant('never-built' as const), at: instant }),
  fc.record({ kind: fc.constant('two-empty-readings' as const), at: instant, firstAt: instant, secondAt: instant }),
);

const reply: fc.Arbitrary<Reply> = fc.oneof(
  fc.record({
    kind: fc.constant('created' as const),
    send: fc.nat(9),
    pipelineId: id,
    sha: words,
    webUrl: words,
    at: instant,
  }),
  fc.record({
    kind: fc.constant('refused' as const),
    send: fc.nat(9),
    reason: words,
    retryable: fc.boolean(),
    at: instant,
  }),
);

const attempt: fc.Arbitrary<Attempt> = fc.record({
  requestId: uuid,
  direction: fc.constantFrom('apply', 'destroy'),
  requestedAt: instant,
  lastSendAt: instant,
  sends: fc.nat(9),
  startBefore: orNull(instant),
  cancelRequestedAt: orNull(instant),
  lastCancelAt: orNull(instant),
  settled: orNull(
    fc.record({
      outcome: fc.constantFrom<Outcome>('succeeded', 'failed', 'canceled', 'refused', 'absent', 'unknown'),
      at: instant,
      jobStarted: fc.boolean(),
      startedAt: orNull(instant),
      finishedAt: orNull(instant),
    }),
  ),
});

const policy: fc.Arbitrary<Policy> = fc
  .record({
    pollMs: instant,
    attemptWaitsMs: fc.array(instant, { maxLength: 4 }),
    quarantineWaitsMs: fc.array(instant, { maxLength: 4 }),
  })
  .map((some) => ({ ...SAMPLE_POLICY, ...some }));

const deployment: fc.Arbitrary<Deployment> = fc.record({
  owner: uuid,
  version: id,
  writeId: uuid,
  createdAt: instant,
  goal,
  policy,
  hourlyCostUsd: money,
  durationMs: instant,
  nightlyAt: orNull(instant),
  armedAt: orNull(instant),
  preflightAt: orNull(instant),
  hastenedAt: orNull(instant),
  attempts: fc.array(attempt, { maxLength: 4 }),
  replies: fc.dictionary(uuid, reply, { maxKeys: 4 }),
  applyMayHaveStarted: fc.boolean(),
  liveUrl: orNull(words),
  liveAt: orNull(instant),
  expiresAt: orNull(instant),
  maxExpiresAt: orNull(instant),
  hardEndAt: instant,
  countedDestroys: fc.nat(9),
  nextAttemptAt: orNull(instant),
  quarantinedAt: orNull(instant),
  quarantineTries: fc.nat(9),
  gone: orNull(proof),
  controlTokenHash: orNull(words),
  visitorHash: orNull(words),
});

const job = (text: fc.Arbitrary<string>): fc.Arbitrary<ObservedJob> =>
  fc.record({
    id,
    name: fc.oneof(text, fc.constantFrom('apply', 'destroy', 'inventory', 'stop')),
    stage: text,
    state: fc.constantFrom('waiting', 'running', 'succeeded', 'failed', 'canceled', 'skipped', 'manual'),
    startedAt: orNull(instant),
    finishedAt: orNull(instant),
    failureReason: orNull(text),
  });

const pipeline = (text: fc.Arbitrary<string>, most: number): fc.Arbitrary<ObservedPipeline> =>
  fc.record({
    id,
    name: text,
    status: text,
    terminal: fc.boolean(),
    sha: text,
    webUrl: text,
    createdAt: orNull(instant),
    startedAt: orNull(instant),
    finishedAt: orNull(instant),
    jobs: fc.array(job(text), { maxLength: most }),
  });

const listed = (text: fc.Arbitrary<string>): fc.Arbitrary<ListedPipeline> =>
  fc.record({
    id,
    direction: fc.constantFrom('apply', 'destroy'),
    requestId: text,
    terminal: fc.boolean(),
    running: fc.boolean(),
    sha: text,
    webUrl: text,
  });

const reading = (text: fc.Arbitrary<string>, most: number): fc.Arbitrary<InventoryReading> =>
  fc.record({
    at: instant,
    answer: fc.constantFrom('empty', 'deleting', 'leftovers', 'unknown'),
    count: id,
    detail: fc.array(text, { maxLength: most }),
    pipelinesQuiet: fc.boolean(),
    deletingSince: orNull(instant),
  });

const observationOf = (text: fc.Arbitrary<string>, most: number): fc.Arbitrary<Observation> =>
  fc.record({
    observedAt: instant,
    observedBy: fc.oneof(uuid, fc.constant('')),
    lookEndedAt: instant,
    strangersCancelledAt: fc.option(instant, { nil: null }),
    gitlabFailingSince: orNull(instant),
    gitlabFailedAt: orNull(instant),
    look: orNull(fc.record({ pipelineId: id, at: instant, pipeline: orNull(pipeline(text, most)) })),
    applyPipeline: orNull(pipeline(text, most)),
    destroyPipeline: orNull(pipeline(text, most)),
    applyStartedAt: orNull(instant),
    listing: orNull(fc.record({ at: instant, pipelines: fc.array(listed(text), { maxLength: most }) })),
    listingTriedAt: orNull(instant),
    outputs: orNull(fc.record({ at: instant, url: orNull(text), problem: orNull(text) })),
    probe: orNull(
      fc.record({
        at: instant,
        verdict: fc.constantFrom('found', 'absent', 'unknown'),
        failures: fc.nat(9),
        failingSince: orNull(instant),
        lastFoundAt: orNull(instant),
      }),
    ),
    readings: fc.array(reading(text, most), { maxLength: Math.min(most, 8) }),
  });

/** Objects as ours are, since fast-check also makes some without a prototype. */
const plain = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T> => values.map((value) => structuredClone(value));

/** Within the bounds, so that it is stored as it is. */
export const arbitraryRecord: fc.Arbitrary<ActiveRecord> = plain(
  fc.record({ deployment, observation: observationOf(words, 4) }),
);

/** Also far beyond the bounds, in number and in length, and with halves of surrogate pairs. */
export const arbitraryObservation: fc.Arbitrary<Observation> = plain(
  observationOf(fc.oneof(words, fc.string({ unit: 'binary', maxLength: 3_000 })), 60),
);

export const arbitraryTombstone: fc.Arbitrary<Tombstone> = plain(
  fc.record({
    id: uuid,
    version: id,
    createdAt: instant,
    liveAt: orNull(instant),
    downAt: instant,
    reason,
    outcome: fc.constantFrom('lived', 'failed', 'never_built'),
    gone: proof,
    costUsd: money,
    hourlyCostUsd: money,
    destroyAttempts: fc.nat(9),
    applyPipeline: orNull(pipeline(words, 4)),
    destroyPipeline: orNull(pipeline(words, 4)),
    controlTokenHash: orNull(words),
    sample: fc.boolean(),
  }),
);
