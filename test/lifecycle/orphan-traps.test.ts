import t from 'tap';
import { adoptedDeployment } from '../../src/lifecycle/new-deployment.ts';
import { NOTHING_OBSERVED } from '../../src/lifecycle/observation.ts';
import { REAL_POLICY } from '../../src/policies.ts';
import { ID, MINUTE_MS } from '../fakes/records.ts';
import { createStage, type Stage, VISITOR } from '../fakes/stage.ts';

/** Ways to an orphan, or to a destroy that is broken off, that a single fault does not show. */

t.test(
  'Given a lost request and then a refusal, when the lost one arrives after all, then it is found and destroyed',
  async (t) => {
    const stage = createStage();
    stage.pipelines.faults.create.push('lose-request', 'refuse');
    const { id } = await stage.start(VISITOR);
    await stage.runUntilThat((record) => record?.deployment.goal.direction === 'down');
    const { attempts } = await stage.deployment();
    t.match(attempts, [{ sends: 2, settled: { outcome: 'refused' } }]);
    t.equal(await stage.status(), 'destroying', 'a refusal of the second send says nothing about the first');
    const late = stage.pipelines.inject({
      direction: 'apply',
      deploymentId: id,
      requestId: attempts[0]?.requestId ?? '',
      startBefore: attempts[0]?.startBefore ?? null,
      holdersEnded: false,
    });
    await stage.runUntilStatus('idle');
    t.equal(late.state, 'canceled');
    t.same([...stage.cloud.exists], []);
    t.match(await stage.ledger(), [{ gone: { kind: 'two-empty-readings' } }]);
  },
);

t.test(
  'Given GitLab refuses for now until there is no time left, when it gives up, then it is proven by the inventory',
  async (t) => {
    const stage = createStage();
    stage.pipelines.faults.create.push(...Array.from({ length: 100 }, () => 'refuse-for-now' as const));
    await stage.start(VISITOR);
    await stage.runUntilStatus('idle');
    t.match(await stage.ledger(), [{ reason: 'not_started', gone: { kind: 'two-empty-readings' } }]);
  },
);

const destroyingStage = async (): Promise<Stage> => {
  const stage = createStage();
  await stage.start(VISITOR);
  await stage.runUntilStatus('live');
  stage.pipelines.faults.destroyMs = 20 * MINUTE_MS;
  await stage.runUntilThat(() => stage.pipelines.created('destroy').length === 1);
  return stage;
};

t.test(
  'Given GitLab is away while a destroy begins, when its start deadline passes, then the running destroy is not cancelled',
  async (t) => {
    const stage = await destroyingStage();
    stage.pipelines.faults.down = true;
    await stage.runFor(13 * MINUTE_MS);
    stage.pipelines.faults.down = false;
    await stage.runUntilStatus('idle');
    t.same(
      stage.pipelines.created('destroy').map(({ state }) => state),
      ['succeeded'],
    );
  },
);

t.test(
  'Given a destroy that never starts, when its deadline passes, then it is cancelled, does not count, and another follows',
  async (t) => {
    const stage = createStage();
    await stage.start(VISITOR);
    await stage.runUntilStatus('live');
    stage.pipelines.faults.stuck = true;
    await stage.runUntilThat(() => stage.pipelines.created('destroy')[0]?.state === 'canceled');
    stage.pipelines.faults.stuck = false;
    await stage.runUntilStatus('idle');
    t.match(await stage.ledger(), [{ destroyAttempts: 1 }]);
    t.equal(stage.pipelines.created('destroy').length, 2);
  },
);

t.test(
  'Given destroys that GitLab forgets before they start, when it is asked for them, then none of them counts',
  async (t) => {
    const stage = createStage();
    await stage.start(VISITOR);
    await stage.runUntilStatus('live');
    stage.pipelines.faults.stuck = true;
    for (const id of [2, 3, 4]) stage.pipelines.faults.forgotten.add(id);
    await stage.runUntilThat(() => stage.pipelines.created('destroy').length === 4);
    t.equal((await stage.deployment()).countedDestroys, 0);
    t.equal(await stage.status(), 'destroying', 'no quarantine without a destroy that ran');
    stage.pipelines.faults.stuck = false;
    await stage.runUntilStatus('idle');
  },
);

t.test(
  'Given an adopted orphan while GitLab is away, when half an hour passes, then the second destroyer is armed and run',
  async (t) => {
    const stage = createStage();
    stage.cloud.build(ID);
    stage.pipelines.faults.down = true;
    const deployment = adoptedDeployment(
      {
        id: ID,
        writeId: 'write-1',
        policy: REAL_POLICY,
        hourlyCostUsd: 0.18,
        version: 1,
        createdAt: stage.clock.now(),
      },
      stage.clock.now(),
    );
    await stage.store.acquire({ deployment, observation: NOTHING_OBSERVED });
    await stage.runFor(31 * MINUTE_MS);
    t.same(stage.cloud.hastened, [ID]);
    t.same([...stage.cloud.exists], []);
    stage.pipelines.faults.down = false;
    await stage.runUntilStatus('idle');
    t.same([...stage.cloud.armed.keys()], [], 'and disarmed at the end');
    t.match(await stage.ledger(), [{ id: ID, reason: 'adopted_orphan', outcome: 'failed' }]);
  },
);

t.test(
  'Given a destroy has just ended, when the inventory is read, then it is read once and not until the clock moves',
  async (t) => {
    const stage = createStage();
    await stage.start(VISITOR);
    await stage.runUntilStatus('live');
    const { read } = stage.cloud;
    let reads = 0;
    stage.cloud.read = (id) => {
      reads += 1;
      return read(id);
    };
    await stage.runUntilStatus('idle');
    t.equal(reads, 2, 'the two that prove it');
  },
);

t.test(
  'Given a foreign apply runs between two empty readings, when it is cancelled, then the proof begins anew after it',
  async (t) => {
    const stage = createStage();
    await stage.start(VISITOR);
    await stage.runUntilStatus('live');
    await stage.runUntilThat((record) => (record?.observation.readings.length ?? 0) > 0);
    const [first] = stage.pipelines.all;
    if (first === undefined) throw new Error('no pipeline');
    await stage.runFor(4 * MINUTE_MS);
    const foreign = stage.pipelines.inject({ ...first.request, requestId: 'foreign', startBefore: stage.clock.now() });
    foreign.state = 'running';
    foreign.startedAt = stage.clock.now();
    await stage.runUntilStatus('idle');
    const [tombstone] = await stage.ledger();
    t.equal(foreign.state, 'canceled');
    const gone = tombstone?.gone;
    if (gone?.kind !== 'two-empty-readings') throw new Error('it was built, so it is proven by readings');
    t.ok(
      gone.firstAt > (foreign.finishedAt ?? Number.POSITIVE_INFINITY),
      'the first empty reading is later than its end',
    );
  },
);
