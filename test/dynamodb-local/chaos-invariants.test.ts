import t from 'tap';
import type { Answered, End, Exit, Look, SeenPipeline, SeenRecord, World } from './chaos/facts.ts';
import { createChecker } from './chaos/invariants.ts';

// Check the checker: each promise is given a history that breaks it, and one beside it that keeps it.

const A = 'aaaaaaaa-0000-7000-8000-00000000000a';
const B = 'bbbbbbbb-0000-7000-8000-00000000000b';
const NOW = 1_800_000_000_000;

const EMPTY: World = { now: NOW, pipelines: [], resources: [], schedules: [] };

const recordOf = (owner: string, changes: Partial<SeenRecord> = {}): SeenRecord => ({
  owner,
  version: 3,
  direction: 'up',
  down: null,
  applyMayHaveStarted: false,
  isLive: false,
  isQuarantined: false,
  ...changes,
});

const lookAt = (changes: Partial<Look> = {}): Look => ({
  at: NOW,
  before: EMPTY,
  record: null,
  after: EMPTY,
  receipts: [],
  ...changes,
});

const applyOf = (id: string, changes: Partial<SeenPipeline> = {}): SeenPipeline => ({
  id: 7,
  name: `demo apply ${id} request-1`,
  status: 'pending',
  start_before: new Date(NOW + 5_000).toISOString(),
  jobs: [{ name: 'apply', status: 'pending', started_at: null, made: 0 }],
  ...changes,
});

const built = (id: number, made: number): SeenPipeline =>
  applyOf(A, { id, status: 'success', jobs: [{ name: 'apply', status: 'success', started_at: NOW, made }] });

const withResourcesOf = (id: string): World => ({
  ...EMPTY,
  resources: [{ type: 'ec2:vpc', deployment_id: id }],
});

/** A look during which nothing changed. */
const during = (world: World, record: SeenRecord | null, at = NOW): Look =>
  lookAt({ at, before: world, record, after: world });

const answer = (changes: Partial<Answered> = {}): Answered => ({
  sentAt: NOW,
  at: NOW + 50,
  seat: 'first',
  method: 'GET',
  path: '/v1/deployments/current',
  status: 200,
  contentType: 'application/json; charset=utf-8',
  text: '{"status":"live"}',
  idempotencyKey: null,
  ...changes,
});

const start = (id: string, idempotencyKey: string | null = null): Answered =>
  answer({
    method: 'POST',
    path: '/v1/deployments',
    status: 201,
    text: JSON.stringify({ id, control_token: 'none' }),
    idempotencyKey,
  });

const problem = (slug: string, status = 503): Answered =>
  answer({
    status,
    contentType: 'application/problem+json',
    text: JSON.stringify({ type: `http://127.0.0.1/problems/${slug}`, status }),
  });

const END: End = { record: null, world: EMPTY, ledger: [], deadLetters: [] };

const exit = (changes: Partial<Exit>): Exit => ({
  seat: 'first',
  code: null,
  signal: null,
  told: [],
  wasUp: true,
  ...changes,
});

interface History {
  readonly looks?: readonly Look[];
  readonly answers?: readonly Answered[];
  readonly exits?: readonly Exit[];
  readonly end?: End;
}

/** What the checker says of a history; everything comes in the order of these four. */
const verdict = ({ answers = [], looks = [], exits = [], end }: History): readonly string[] => {
  const checker = createChecker();
  answers.forEach(checker.answered);
  looks.forEach(checker.looked);
  exits.forEach(checker.exited);
  if (end !== undefined) checker.ended(end);
  return checker.breaches();
};

const idle = answer({ text: '{"status":"idle"}' });
const IDLE_WITH_SOMETHING_LEFT = [NOW - 2_000, NOW - 1_000, NOW + 10, NOW + 100];

const CASES: readonly { what: string; breaks: History; says: RegExp; keeps: History }[] = [
  {
    what: 'the lock is free while something exists',
    breaks: { looks: [during(withResourcesOf(A), null)] },
    says: /lock is free while something of aaaaaaaa/,
    // It was gone, or not there yet, at one of the two ends: nothing is known about the moment in between.
    keeps: {
      looks: [
        during(withResourcesOf(A), recordOf(A)),
        lookAt({ before: withResourcesOf(A), after: EMPTY, receipts: [A] }),
        lookAt({ before: EMPTY, after: withResourcesOf(B), receipts: [A] }),
      ],
    },
  },
  {
    what: 'another one holds the lock while something exists',
    breaks: { looks: [during(withResourcesOf(A), recordOf(B))] },
    says: /that of bbbbbbbb.* while something of aaaaaaaa/,
    keeps: { looks: [during(withResourcesOf(B), recordOf(B))] },
  },
  {
    what: 'an apply may still start without the lock',
    breaks: { looks: [during({ ...EMPTY, pipelines: [applyOf(A)] }, null)] },
    says: /pipeline 7 may still build for aaaaaaaa/,
    keeps: {
      looks: [
        during({ ...EMPTY, pipelines: [applyOf(A)] }, recordOf(A)),
        during({ ...EMPTY, now: NOW + 5_001, pipelines: [applyOf(A)] }, recordOf(A)),
        // Its deadline has passed, so its job would refuse.
        lookAt({
          before: { ...EMPTY, now: NOW + 5_001, pipelines: [applyOf(A)] },
          after: { ...EMPTY, now: NOW + 5_002, pipelines: [applyOf(A)] },
          receipts: [A],
        }),
      ],
    },
  },
  {
    what: 'an apply runs without the lock, past its deadline',
    breaks: {
      looks: [
        during(
          {
            ...EMPTY,
            now: NOW + 60_000,
            pipelines: [
              applyOf(A, {
                status: 'running',
                jobs: [{ name: 'apply', status: 'running', started_at: NOW, made: 0 }],
              }),
            ],
          },
          null,
        ),
      ],
    },
    says: /may still build/,
    keeps: { looks: [during({ ...EMPTY, pipelines: [built(7, 12)] }, null)] },
  },
  {
    what: 'two applies build',
    breaks: { looks: [during({ ...EMPTY, pipelines: [built(7, 12), built(8, 1)] }, recordOf(A))] },
    says: /2 applies built for aaaaaaaa/,
    keeps: { looks: [during({ ...EMPTY, pipelines: [built(7, 12), built(8, 0)] }, recordOf(A))] },
  },
  {
    what: 'the lock is passed on without a receipt',
    breaks: { looks: [during(EMPTY, recordOf(A)), during(EMPTY, recordOf(B))] },
    says: /aaaaaaaa.* lost the lock without a receipt/,
    keeps: {
      looks: [during(EMPTY, recordOf(A)), lookAt({ record: recordOf(B), receipts: [A] })],
    },
  },
  {
    what: 'the lock is let go without a receipt',
    breaks: { looks: [during(EMPTY, recordOf(A)), during(EMPTY, null)] },
    says: /lost the lock without a receipt/,
    keeps: { looks: [during(EMPTY, recordOf(A)), lookAt({ receipts: [A] })] },
  },
  {
    what: 'a version falls',
    breaks: { looks: [during(EMPTY, recordOf(A)), during(EMPTY, recordOf(A, { version: 2 }))] },
    says: /its version fell from 3 to 2/,
    keeps: {
      looks: [during(EMPTY, recordOf(A)), during(EMPTY, recordOf(A)), during(EMPTY, recordOf(A, { version: 4 }))],
    },
  },
  {
    what: 'a goal turns up again',
    breaks: {
      looks: [
        during(EMPTY, recordOf(A, { direction: 'down', down: 'visitor since 1' })),
        during(EMPTY, recordOf(A, { version: 4 })),
      ],
    },
    says: /goes down for another reason/,
    keeps: {
      looks: [
        during(EMPTY, recordOf(A)),
        during(EMPTY, recordOf(A, { version: 4, direction: 'down', down: 'visitor since 1' })),
      ],
    },
  },
  {
    what: 'a record forgets that an apply may have started',
    breaks: {
      looks: [during(EMPTY, recordOf(A, { applyMayHaveStarted: true })), during(EMPTY, recordOf(A, { version: 4 }))],
    },
    says: /forgot that an apply may have started/,
    keeps: {
      looks: [during(EMPTY, recordOf(A)), during(EMPTY, recordOf(A, { version: 4, applyMayHaveStarted: true }))],
    },
  },
  {
    what: 'somebody is told idle while something exists',
    breaks: {
      answers: [idle],
      looks: IDLE_WITH_SOMETHING_LEFT.map((at) => during(withResourcesOf(A), recordOf(A), at)),
    },
    says: /first says idle while something of aaaaaaaa/,
    // It may have been read just before the lock was taken.
    keeps: {
      answers: [idle],
      looks: IDLE_WITH_SOMETHING_LEFT.map((at) =>
        during(at < NOW - 1_500 ? EMPTY : withResourcesOf(A), recordOf(A), at),
      ),
    },
  },
  {
    what: 'somebody is told 500',
    breaks: { answers: [problem('internal', 500)] },
    says: /answered with 500/,
    keeps: { answers: [problem('already-running', 409)] },
  },
  {
    what: 'somebody is told a 503 that no document knows',
    breaks: { answers: [problem('made-up')] },
    says: /answered with 503/,
    keeps: {
      answers: [problem('store-unavailable'), problem('shutting-down'), answer({ path: '/healthz', status: 503 })],
    },
  },
  {
    what: 'somebody is told a 503 that is no problem document',
    breaks: { answers: [answer({ status: 503, contentType: 'text/html', text: '<html>' })] },
    says: /answered with 503: <html>/,
    keeps: { answers: [answer()] },
  },
  {
    what: 'health answers 500',
    breaks: { answers: [answer({ path: '/healthz', status: 500 })] },
    says: /healthz was answered with 500/,
    keeps: { answers: [answer({ path: '/healthz' })] },
  },
  {
    what: 'one key starts two',
    breaks: { answers: [start(A, 'key'), start(B, 'key')] },
    says: /one Idempotency-Key started aaaaaaaa.* and bbbbbbbb/,
    keeps: { answers: [start(A, 'key'), start(A, 'key'), start(B, 'another'), start(B)] },
  },
  {
    what: 'a start has no receipt',
    breaks: { answers: [start(A)], end: END },
    says: /aaaaaaaa.* is missing in the ledger/,
    keeps: { answers: [start(A)], end: { ...END, ledger: [A] } },
  },
  {
    what: 'a holder of the lock whose starter was told nothing has no receipt',
    breaks: { looks: [during(EMPTY, recordOf(A))], end: END },
    says: /aaaaaaaa.* is missing in the ledger/,
    keeps: { looks: [during(EMPTY, recordOf(A))], end: { ...END, ledger: [A] } },
  },
  {
    what: 'a deployment is in the ledger twice',
    breaks: { end: { ...END, ledger: [A, B, A] } },
    says: /aaaaaaaa.* is in the ledger more than once/,
    keeps: { end: { ...END, ledger: [A, B] } },
  },
  {
    what: 'a server ends by itself',
    breaks: { exits: [exit({ code: 1 })] },
    says: /first ended with 1 after it was sent nothing/,
    keeps: { exits: [exit({ signal: 'SIGKILL', told: ['SIGKILL'] })] },
  },
  {
    what: 'a server ends badly when it is told to leave',
    breaks: { exits: [exit({ code: 1, told: ['SIGTERM'] })] },
    says: /first ended with 1 after it was sent SIGTERM/,
    keeps: { exits: [exit({ code: 0, told: ['SIGTERM'] }), exit({ signal: 'SIGKILL', told: ['SIGTERM', 'SIGKILL'] })] },
  },
  {
    what: 'a server ends well though nobody told it to',
    breaks: { exits: [exit({ code: 0 })] },
    says: /first ended with 0 after it was sent nothing/,
    keeps: { exits: [exit({ code: 0, told: ['SIGTERM'] })] },
  },
  ...(
    [
      ['the lock is held', { ...END, record: recordOf(A), ledger: [A] }, /the lock is still that of aaaaaaaa/],
      ['something exists', { ...END, world: withResourcesOf(A) }, /ec2:vpc of aaaaaaaa.* is left/],
      [
        'a pipeline runs',
        { ...END, world: { ...EMPTY, pipelines: [applyOf(A)] } },
        /demo apply aaaaaaaa.* still pending/,
      ],
      ['a schedule stands', { ...END, world: { ...EMPTY, schedules: [{ deployment_id: A }] } }, /is still armed/],
      ['a dead letter lies', { ...END, deadLetters: [`dead#${A}`] }, /the dead letter of dead#aaaaaaaa.* is left/],
    ] as const
  ).map(([what, end, says]) => ({
    what: `in the end ${what}`,
    breaks: { end },
    says,
    keeps: { end: { ...END, world: { ...EMPTY, pipelines: [built(7, 3)] } } },
  })),
];

for (const { what, breaks, says, keeps } of CASES) {
  t.test(`Given a history in which ${what}, when it is checked, then that and nothing else is found`, async (t) => {
    const found = verdict(breaks);
    t.equal(found.length, 1);
    t.match(found[0], says);
    t.strictSame(verdict(keeps), [], 'and nothing in one that is as it should be');
  });
}

t.test('Given a breach that lasts, when it is seen at every look, then it is told once', async (t) => {
  const looks = Array.from({ length: 100 }, () => during(withResourcesOf(A), null));
  t.equal(verdict({ looks }).length, 1);
});
