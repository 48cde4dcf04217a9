import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { startEmbeddedDynamodb } from '../../src/local/embedded-dynamodb.ts';
import { startFaultyProxy } from './faulty-proxy.ts';
import { createHeldSteps, type Held, type StepName } from './held-steps.ts';
import { type Backends, eventually, type Server, type StartedFacts, startBackends, startServer } from './processes.ts';

// Most of each is waiting for times to pass, so they wait together.
t.jobs = 4;

const SPEED = 20;
/** GitLab's answer to a new pipeline is waited for 2 s in local mode; what arrives after that is a lost request. */
const RELEASE_WITHIN_MS = 1_500;
/** Long enough for the signal to be heard. */
const HEARD_MS = 100;
const STARTS_WITHIN_MS = 40_000;
const LEDGER_WITHIN_MS = 10_000;
/** A start takes long while others start: how soon a demo is live is not what this is about. */
const PATIENT = { LIVE_DEADLINE_MINUTES: '5' };

type Verdict = 'released' | 'forgotten';

/** One store for all; each life has a table of its own. */
const store = await startEmbeddedDynamodb();
t.teardown(() => store.close());

/** Servers that come and go beside each other, each on a way of its own to the neighbours. */
const createRoll = (t: Test, backends: Backends, tableName: string, steps: readonly StepName[]) => {
  const held = createHeldSteps(steps);
  const serving = new Map<string, Server>();
  const leaving = new Map<string, Promise<number | null>>();
  const coming: Promise<unknown>[] = [];
  const all: Server[] = [];
  let added = 0;

  // Whoever reads of a failure wants to know how far they came.
  t.teardown(() => {
    if (!t.passing()) t.comment(all.map((server) => server.output()).join('\n---\n'));
  });

  const add = async (): Promise<Server> => {
    added += 1;
    const name = `server ${added}`;
    const gitlab = await startFaultyProxy(t, backends.gitlab, held.fateOf(name));
    // The link is GitLab's own; only the server's way to it is another one.
    const env = { GITLAB_URL: gitlab, PROBE_ORIGIN: gitlab, LIVE_ORIGINS: backends.gitlab, TABLE_NAME: tableName };
    const server = await startServer(t, backends, { ...env, ...PATIENT });
    serving.set(name, server);
    all.push(server);
    return server;
  };

  const settle = async ({ heldAt, release, forget }: Held, verdict: Verdict): Promise<void> => {
    await delay(HEARD_MS);
    if (verdict === 'released' && Date.now() - heldAt < RELEASE_WITHIN_MS) release();
    else forget();
  };

  const leave = (name: string): void => {
    const server = serving.get(name);
    if (server === undefined) return;
    serving.delete(name);
    leaving.set(
      name,
      once(server.child, 'exit').then(() => server.child.exitCode),
    );
    server.child.kill('SIGTERM');
  };

  return {
    add,
    /**
     * The next step that is held: its server leaves, and another one comes to take its place. A server that is leaving
     * goes on with what is due, so the step may also be one of its; then nobody has to take a place.
     */
    replace: async (verdict: Verdict, successors = 1): Promise<void> => {
      const holding = await held.next();
      // It may have taken the step before it said that it serves.
      await eventually(
        async () => serving.has(holding.server) || leaving.has(holding.server),
        Boolean,
        STARTS_WITHIN_MS,
      );
      if (serving.has(holding.server)) {
        leave(holding.server);
        for (let count = 0; count < successors; count += 1) coming.push(add());
      }
      await settle(holding, verdict);
    },
    /** Resolves when everybody who was to come has come and everybody who was to leave has left: with these codes. */
    codes: async (): Promise<readonly (number | null)[]> => {
      await Promise.all(coming);
      return Promise.all(leaving.values());
    },
    /** One that is not on its way out. */
    anyone: async (): Promise<Server> => {
      const newest = async (): Promise<Server | undefined> => [...serving.values()].at(-1);
      const found = await eventually(newest, (server) => server !== undefined, STARTS_WITHIN_MS);
      if (found === undefined) throw new Error('nobody serves');
      return found;
    },
    /** What all of them decided, as they logged it: how often each step was taken, by the rule that asked for it. */
    decisions: (): ReadonlyMap<string, number> => {
      const lines = all.flatMap((server) => server.output().split('\n')).filter((line) => /^\{.*\}$/.test(line));
      const counts = new Map<string, number>();
      for (const line of lines) {
        const { event, step, because } = JSON.parse(line) as Readonly<Record<string, string>>;
        if (event !== 'deployment.step') continue;
        const key = `${step}: ${because}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      return counts;
    },
  };
};

type Roll = ReturnType<typeof createRoll>;

const startRoll = async (t: Test, tableName: string, steps: readonly StepName[] = []) => {
  const backends = await startBackends(t, { speed: SPEED, store: store.endpoint });
  return { backends, roll: createRoll(t, backends, tableName, steps) };
};

/** Presses until somebody has found that everything works, which on a busy machine takes a while. */
const pressed = async (roll: Roll): Promise<StartedFacts> => {
  const answer = await eventually(
    async () => (await roll.anyone()).press(),
    ({ status }) => status === 201,
    STARTS_WITHIN_MS,
  );
  return (await answer.json()) as StartedFacts;
};

/** Each is taken once in a whole life, whoever takes it; the second `settle` is the destroy's. */
const ONCE = [
  'arm: the second destroyer is not armed',
  'preflight: no apply was asked for, and not everything was just found to work',
  'request: no apply was asked for',
  'go-live: the public URL answered with our id',
  'request: an apply may have started, and nothing was destroyed yet',
  'prove: proven gone',
];

const endsAsOne = async (t: Test, backends: Backends, roll: Roll, id: string): Promise<void> => {
  const last = await roll.anyone();
  await last.until('idle');
  // A page of the ledger may be two seconds old.
  const receipts = await eventually(last.ledger, ({ length }) => length > 0, LEDGER_WITHIN_MS);
  t.match(receipts, [{ id, reason: 'visitor' }]);
  t.equal(receipts.length, 1, 'one receipt');
  t.equal((await backends.pipelines('apply')).length, 1, 'one apply');
  t.equal((await backends.pipelines('destroy')).length, 1, 'one destroy');
  t.same(await backends.resources(), [], 'nothing is left');
};

const decidedOnce = (t: Test, roll: Roll): void => {
  const counts = roll.decisions();
  for (const decision of ONCE) t.equal(counts.get(decision), 1, decision);
  t.equal(counts.get('settle: its job ended'), 2, 'the ends of the apply and of the destroy, once each');
};

const hasDestroy = (steps: readonly StepName[]): boolean => steps.includes('create destroy');

/** However much a server had to wait for when it was told to leave: it was never ended by force. */
const endedWell = async (t: Test, roll: Roll): Promise<void> => {
  const codes = await roll.codes();
  t.ok(codes.length > 0, 'somebody left');
  t.ok(
    codes.every((code) => code === 0),
    `all ended by themselves: ${codes.join(', ')}`,
  );
};

/** Asks a server that serves for the teardown; one that is just told to leave may not answer any more. */
const tearDown = (roll: Roll, { id, control_token: token }: StartedFacts): Promise<number> =>
  eventually(
    async () => (await (await roll.anyone()).destroy(id, token)).status,
    (status) => status === 202,
    STARTS_WITHIN_MS,
  );

t.test(
  'Given two servers side by side, when a demo lives its whole life, then no step is lost and none is taken twice',
  async (t) => {
    const { backends, roll } = await startRoll(t, 'side-by-side');
    const [, second] = await Promise.all([roll.add(), roll.add()]);
    const { id, control_token: token } = await pressed(roll);
    await second.until('live');
    t.equal((await second.destroy(id, token)).status, 202);
    await endsAsOne(t, backends, roll, id);
    decidedOnce(t, roll);
  },
);

for (const { verdict, steps } of [
  { verdict: 'released', steps: ['arm', 'create apply', 'read outputs', 'create destroy', 'disarm'] },
  { verdict: 'forgotten', steps: ['create apply', 'poll', 'probe'] },
  { verdict: 'forgotten', steps: ['create destroy', 'inventory', 'disarm'] },
] as const) {
  t.test(
    `Given a request is held at ${steps.join(', ')}, when its server is told to leave and the request is ${verdict}, then it ends well and the others finish the life`,
    async (t) => {
      const { backends, roll } = await startRoll(t, `${verdict}-${steps.at(-1)}`, steps);
      await Promise.all([roll.add(), roll.add()]);
      const started = pressed(roll);
      const goDown = async (): Promise<void> => {
        await (await roll.anyone()).until('live');
        await tearDown(roll, await started);
      };
      for (const step of steps) {
        if (step === 'create destroy') await goDown();
        await roll.replace(verdict);
      }
      if (!hasDestroy(steps)) await goDown();
      await endsAsOne(t, backends, roll, (await started).id);
      decidedOnce(t, roll);
      await endedWell(t, roll);
    },
  );
}

t.test(
  'Given a teardown while it is built, when the server that cancels is told to leave and the cancel is lost, then another one cancels',
  async (t) => {
    const { backends, roll } = await startRoll(t, 'cancel', ['cancel']);
    await Promise.all([roll.add(), roll.add()]);
    const started = await pressed(roll);
    await eventually(backends.resources, ({ length }) => length > 0, STARTS_WITHIN_MS);
    // Slow enough that the apply is far from its end, however long the servers take.
    await backends.setSpeed(0.5);
    await tearDown(roll, started);
    await roll.replace('forgotten');
    await eventually(
      () => backends.pipelines('apply'),
      ([apply]) => apply?.status === 'canceled',
      STARTS_WITHIN_MS,
    );
    await backends.setSpeed(SPEED);
    await endsAsOne(t, backends, roll, started.id);
    await endedWell(t, roll);
  },
);

t.test(
  'Given the net of a start cannot be set up, when its server is told to leave meanwhile, then the start is refused and nothing was built',
  async (t) => {
    const { backends, roll } = await startRoll(t, 'arm', ['arm']);
    const first = await roll.add();
    await eventually(
      async () => (await (await first.request('/v1/deployments/current')).json()) as { can_deploy: boolean },
      (view) => view.can_deploy,
      STARTS_WITHIN_MS,
    );
    const answering = first.press();
    await roll.replace('forgotten', 0);
    t.equal((await answering).status, 503);
    await endedWell(t, roll);
    const successor = await roll.add();
    await successor.until('idle');
    t.match(await eventually(successor.ledger, ({ length }) => length > 0, LEDGER_WITHIN_MS), [
      { reason: 'arm_failed' },
    ]);
    t.same(await backends.pipelines('apply'), []);
  },
);
