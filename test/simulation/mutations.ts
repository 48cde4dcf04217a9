import type { Incident } from './plan.ts';

/** A defect that somebody might make: this text of that file becomes that one. */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** What has to come together for it to do harm; absent: any trouble will do, sooner or later. */
  readonly scene?: readonly Incident[];
}

const MINUTE_MS = 60_000;
const PRESS: Extract<Incident, { kind: 'press' }> = { kind: 'press', at: MINUTE_MS, task: 0, key: null };
const TWICE_LATE: Incident = { kind: 'lose', request: 'create', nth: 1, what: 'twice-late' };
const TWICE: Incident = { kind: 'lose', request: 'create', nth: 1, what: 'twice' };

/**
 * What the simulation must notice. Each of these is one careless change away. Those in the store stand for an adapter
 * that leaves the condition out of its write.
 */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'a decision is written whatever the version',
    file: 'test/fakes/memory-store.ts',
    find: 'if (current?.version !== version) return false;',
    replace: 'if (current === undefined) return false;',
  },
  {
    name: 'a decision is written to whatever deployment holds the lock',
    file: 'test/fakes/memory-store.ts',
    find: `const current = heldBy(owner)?.record.deployment;
        if (current?.version !== version) return false;`,
    replace: `const current = held?.record.deployment;
        if (current === undefined) return false;`,
  },
  {
    name: 'the lock is freed whoever holds it',
    file: 'test/fakes/memory-store.ts',
    find: 'holds: () => heldBy(owner)?.record.deployment.version === version,',
    replace: 'holds: () => held !== null,',
    scene: [
      PRESS,
      { kind: 'teardown', at: 3 * MINUTE_MS, task: 0 },
      { kind: 'pause-in', request: 'release', nth: 1, when: 'before', ms: 60 * MINUTE_MS },
      { ...PRESS, at: 50 * MINUTE_MS },
      { ...PRESS, at: 50 * MINUTE_MS, task: 1 },
    ],
  },
  {
    name: 'a late look is stored over a newer one',
    file: 'test/fakes/memory-store.ts',
    find: 'holds: () => heldBy(owner)?.record.observation.observedBy === observation.observedBy,',
    replace: 'holds: () => held !== null,',
  },
  {
    name: 'a recorded pipeline is replaced by a later answer',
    file: 'test/fakes/memory-store.ts',
    find: 'holds: () => heldBy(owner) !== null && !isCreated(stored()),',
    replace: 'holds: () => heldBy(owner) !== null,',
    scene: [
      PRESS,
      TWICE,
      { kind: 'behaviour', direction: 'apply', nth: 1, startDelayMs: 5 * MINUTE_MS },
      { kind: 'pause-in', request: 'create', nth: 1, when: 'after', ms: 3 * MINUTE_MS },
    ],
  },
  {
    name: 'a pipeline is asked for before that is written down',
    file: 'src/lifecycle/controller.ts',
    find: 'const deployment = await write(record, step, unlessCreated);',
    replace: `const intent = fieldsFor(record.deployment, record.observation, step, credentials.newId(), clock.now());
    const early = { ...record.deployment, ...intent };
    await send(early, early.attempts.at(-1) as Attempt, claim);
    const deployment = await write(record, step, unlessCreated);`,
  },
  {
    name: 'a pipeline is asked for although the write of that lost its race',
    file: 'src/lifecycle/controller.ts',
    find: 'if (deployment === null || attempt === undefined) return false;\n    await send(deployment, attempt, claim);',
    replace: `if (attempt === undefined && record.deployment.attempts.length === 0) return false;
    await send(deployment ?? record.deployment, attempt ?? (record.deployment.attempts.at(-1) as Attempt), claim);`,
  },
  {
    name: 'a sender that stood still sends all the same',
    file: 'src/lifecycle/send.ts',
    find: 'if (leftMs < 0) {',
    replace: 'if (claim.atMonotonicMs < 0) {',
    scene: [PRESS, { kind: 'pause-in', request: 'decide', nth: 3, when: 'after', ms: 10 * MINUTE_MS }],
  },
  {
    name: 'an apply is asked for before the second destroyer is armed',
    file: 'src/lifecycle/up-rungs.ts',
    find: 's.deployment.armedAt === null ? { do: ',
    replace: 's.deployment.armedAt === null && s.apply !== null ? { do: ',
  },
  {
    name: 'any look counts as a proof that a request never arrived',
    file: 'src/lifecycle/situation.ts',
    find: 'observation.listing !== null && observation.listing.at >= absenceFrom',
    replace: 'observation.listing !== null',
  },
  {
    name: 'doubles of a request go unnoticed',
    file: 'src/lifecycle/look-rungs.ts',
    find: 'isDue(s.dues.doubleCheckAt, s.now) &&',
    replace: 'isDue(s.dues.doubleCheckAt, 0) &&',
    scene: [PRESS, TWICE, { kind: 'behaviour', direction: 'apply', nth: 1, durationMs: 150_000 }],
  },
  {
    name: 'a double that arrives late goes unnoticed',
    file: 'src/lifecycle/attempt-dues.ts',
    find: '[sentBy, arrivedBy(attempt, deployment.policy)].find((at) => listedAt < at)',
    replace: '[sentBy].find((at) => listedAt < at)',
    scene: [PRESS, TWICE_LATE, { kind: 'behaviour', direction: 'apply', nth: 1, durationMs: 240_000 }],
  },
  {
    name: 'one empty inventory proves that it is gone',
    file: 'src/lifecycle/proof.ts',
    find: 'if (last.at - first.at < deployment.policy.proofGapMs) return null;',
    replace: '',
  },
  {
    name: 'an inventory that tells nothing counts as empty',
    file: 'src/lifecycle/proof.ts',
    find: `reading.answer === 'empty' && reading.pipelinesQuiet;
const isSilent = (reading: InventoryReading): boolean =>
  reading.answer === 'unknown' || (reading.answer === 'empty' && !reading.pipelinesQuiet);`,
    replace: `reading.answer === 'unknown' || (reading.answer === 'empty' && reading.pipelinesQuiet);
const isSilent = (reading: InventoryReading): boolean => reading.answer === 'empty' && !reading.pipelinesQuiet;`,
    scene: [
      PRESS,
      { kind: 'behaviour', direction: 'destroy', nth: 1, end: 'fails' },
      { kind: 'outage', of: 'inventory-unknown', at: 25 * MINUTE_MS, ms: 180 * MINUTE_MS },
    ],
  },
  {
    name: 'what is still being deleted counts as gone',
    file: 'src/lifecycle/proof.ts',
    find: "reading.answer === 'empty' && reading.pipelinesQuiet;",
    replace: "(reading.answer === 'empty' || reading.answer === 'deleting') && reading.pipelinesQuiet;",
  },
  {
    name: 'the proof does not ask whether pipelines still run',
    file: 'src/lifecycle/looks.ts',
    find: `const pipelines = await list(record);
      seen = sawList(`,
    replace: `const pipelines: Awaited<ReturnType<typeof list>> = [];
      seen = sawList(`,
    scene: [
      PRESS,
      {
        kind: 'behaviour',
        direction: 'apply',
        nth: 1,
        durationMs: MINUTE_MS,
        end: 'fails',
        ignoresCancel: true,
        retriedAfterMs: 5 * MINUTE_MS,
        retriedDurationMs: 600 * MINUTE_MS,
      },
    ],
  },
  {
    name: 'the proof does not wait for what may start late',
    file: 'src/lifecycle/proof.ts',
    find: 'lastSettledAt(deployment), lateStartsOverAt(deployment));',
    replace: 'lastSettledAt(deployment));',
    scene: [
      PRESS,
      { kind: 'lose', request: 'create', nth: 1, what: 'reply' },
      { kind: 'behaviour', direction: 'apply', nth: 1, hiddenMs: 9.2 * MINUTE_MS, startDelayMs: 9.5 * MINUTE_MS },
      { kind: 'teardown', at: 1.5 * MINUTE_MS, task: 0 },
    ],
  },
  {
    name: 'the record is released before the ledger has it',
    file: 'src/lifecycle/release.ts',
    find: 'await deps.store.archive(tombstone);',
    replace: '',
  },
  {
    name: 'a demo whose time is over lives on',
    file: 'src/lifecycle/up-rungs.ts',
    find: "take: goDown('expired', (s) => isDue(s.dues.expiresAt, s.now)),",
    replace: "take: goDown('expired', (s) => isDue(s.dues.expiresAt, 0)),",
  },
  {
    name: 'leftovers are not destroyed a second time',
    file: 'src/lifecycle/down-rungs.ts',
    find: 'hasUnscheduledLeftovers(s) && s.deployment.countedDestroys < s.deployment.policy.maxDestroyAttempts',
    replace: 'hasUnscheduledLeftovers(s) && s.deployment.countedDestroys < 0',
  },
  {
    name: 'orphans are seen and never acted upon',
    file: 'src/jobs/orphans.ts',
    find: 'letter.attempts >= SIGHTINGS_BEFORE_ACTING',
    replace: 'letter.attempts >= 1_000_000',
  },
  {
    name: 'a refusal is believed without a look',
    file: 'src/lifecycle/down-rungs.ts',
    find: 'if (apply === null && now - deployment.createdAt < UNKNOWN_TO_OTHERS_MS) return true;',
    replace: 'if (now > 0) return true;',
    scene: [PRESS, { kind: 'refuse', nth: 1, retryable: false, ofTwo: true }],
  },
  {
    name: 'what was refused is seen to be unused before everything has arrived',
    file: 'src/lifecycle/down-rungs.ts',
    find: 'reading.pipelinesQuiet && reading.at > lateStartsOverAt(deployment)',
    replace: 'reading.pipelinesQuiet',
    scene: [PRESS, { kind: 'refuse', nth: 1, retryable: false, ofTwo: false }, TWICE_LATE],
  },
  {
    name: 'what is never deleted is waited for',
    file: 'src/lifecycle/down-rungs.ts',
    find: "s.reading?.answer === 'deleting' && isDue(s.dues.stuckDeletingAt, s.now)",
    replace: "s.reading?.answer === 'deleting' && isDue(s.dues.stuckDeletingAt, 0)",
    scene: [PRESS, { kind: 'leftovers', nth: 1, survives: 0, deletingMs: 60_000 * MINUTE_MS }],
  },
  {
    name: 'a demo that answers is not live',
    file: 'src/lifecycle/up-rungs.ts',
    find: "deployment.liveAt === null && observation.probe?.verdict === 'found' &&",
    replace: "deployment.liveAt === null && observation.probe?.verdict === 'absent' &&",
    scene: [{ ...PRESS, at: 5 * MINUTE_MS }],
  },
  {
    name: 'the owner is told of a decision that lost its race',
    file: 'src/lifecycle/controller.ts',
    find: `if (!isOurs) return null;
    const written = { ...deployment, ...set, version: deployment.version + 1, writeId: decision.writeId };
    const notice = noticeOf(step, { deployment: written, observation });
    if (notice !== null) deps.notifier.notify(notice);`,
    replace: `const written = { ...deployment, ...set, version: deployment.version + 1, writeId: decision.writeId };
    const notice = noticeOf(step, { deployment: written, observation });
    if (notice !== null) deps.notifier.notify(notice);
    if (!isOurs) return null;`,
  },
  {
    name: 'a pipeline that GitLab does not know is taken for one that never ran',
    file: 'src/lifecycle/attempt-rungs.ts',
    find: 's.openLook.pipeline === null ? settleOpen(s, s.openUnknownEnd) : null',
    replace: "s.openLook.pipeline === null ? settleOpen(s, { outcome: 'refused', ...NOTHING_MADE }) : null",
    scene: [
      PRESS,
      { kind: 'behaviour', direction: 'apply', nth: 1, hiddenMs: 9 * MINUTE_MS, startDelayMs: 7 * MINUTE_MS },
    ],
  },
  {
    name: 'an id whose life is over gets a second one',
    file: 'src/lifecycle/net.ts',
    find: 'if ((await deps.store.tombstone(owner)) !== null) {',
    replace: 'if (false) {',
    scene: [
      PRESS,
      { kind: 'teardown', at: MINUTE_MS + 1_500, task: 0 },
      { kind: 'lose', request: 'acquire', nth: 1, what: 'twice-late' },
    ],
  },
];
