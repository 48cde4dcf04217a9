import t, { type Test } from 'tap';
import { createGitlabClient } from '../../src/adapters/gitlab-client.ts';
import { createGitlabDispatcher } from '../../src/adapters/gitlab-exchange.ts';
import { createGitlabPipelines } from '../../src/adapters/gitlab-pipelines.ts';
import { createGitlabTraces } from '../../src/adapters/gitlab-traces.ts';
import { createHttpLiveProbe } from '../../src/adapters/http-live-probe.ts';
import { createSimulatorInventory } from '../../src/adapters/simulator-inventory.ts';
import { createSimulatorSecondDestroyer } from '../../src/adapters/simulator-second-destroyer.ts';
import { isDemoError } from '../../src/lifecycle/errors.ts';
import type { PipelineRequest } from '../../src/lifecycle/ports.ts';
import { createGitlabSimulator, SIMULATOR_TOKEN } from '../../src/local/gitlab-simulator/simulator.ts';
import { DEPLOYMENT } from './gitlab-answers.ts';
import { createTestClock, createTestLog, failureOf } from './gitlab-world.ts';

const PATIENCE_STEPS = 400;
const STEP_MS = 1_000;
const APPLY = { direction: 'apply', deploymentId: DEPLOYMENT, requestId: 'req-1', holdersEnded: false } as const;

/** The adapters over real sockets against the simulator, all on one clock that only the test moves. */
const setUp = async (t: Test, project = 'demo/eks-demo') => {
  const time = createTestClock();
  const simulator = createGitlabSimulator({ now: time.clock.now });
  const { origin } = await simulator.listen({ host: '127.0.0.1', port: 0 });
  const dispatcher = createGitlabDispatcher();
  t.teardown(async () => {
    await dispatcher.destroy();
    await simulator.close();
  });
  const { log, names } = createTestLog();
  const client = createGitlabClient({
    baseUrl: origin,
    project,
    token: { current: async () => SIMULATOR_TOKEN, refresh: async () => null, previous: async () => null },
    dispatcher,
    clock: time.clock,
    log,
    wait: time.wait,
    random: () => 0.5,
    timeouts: { headersMs: 2_000, bodyMs: 2_000, totalMs: 500 },
  });
  const pipelines = createGitlabPipelines({ client, ref: 'demo-v1', liveOrigins: [origin], log });

  /** Lets time pass until the pipeline has ended. */
  const finish = async (id: number) => {
    for (let step = 0; step < PATIENCE_STEPS; step += 1) {
      const observed = await pipelines.read(id);
      if (observed?.terminal !== false) return observed;
      time.pass(STEP_MS);
    }
    throw new Error('the pipeline does not end');
  };

  const create = async (changes: Partial<PipelineRequest> = {}) => {
    const startBefore = time.clock.now() + 600_000;
    const request = { ...APPLY, startBefore };
    const answer = await pipelines.create({ ...request, ...changes }, 5_000);
    if (answer.kind !== 'created') throw new Error(`refused: ${answer.reason}`);
    return answer;
  };

  return {
    ...time,
    origin,
    control: simulator.control,
    simulator,
    names,
    pipelines,
    finish,
    create,
    traces: createGitlabTraces({ client, log }),
    inventory: createSimulatorInventory({ origin, dispatcher }),
    destroyer: createSimulatorSecondDestroyer({ origin, dispatcher, clock: time.clock }),
    since: time.clock.now(),
  };
};

for (const project of ['demo/eks-demo', '1001']) {
  t.test(
    `Given the project ${project}, when a demo is built and destroyed, then every port tells the same story`,
    async (t) => {
      const world = await setUp(t, project);
      const { pipelines, inventory } = world;
      const probe = createHttpLiveProbe({ allowPrivate: true });
      t.same(await pipelines.list(DEPLOYMENT, world.since), []);
      const apply = await world.create();
      t.match(await pipelines.list(DEPLOYMENT, world.since), [
        { id: apply.pipelineId, direction: 'apply', requestId: 'req-1', terminal: false, sha: apply.sha },
      ]);

      const applied = await world.finish(apply.pipelineId);
      t.equal(applied?.status, 'success');
      t.equal(applied?.name, `demo apply ${DEPLOYMENT} req-1`);
      t.same(
        applied?.jobs.map(({ name, state }) => [name, state]),
        [
          ['plan', 'succeeded'],
          ['apply', 'succeeded'],
          ['stop', 'manual'],
          ['verify', 'succeeded'],
        ],
      );
      const job = applied?.jobs.find(({ name }) => name === 'apply');
      t.ok(job?.startedAt && job.finishedAt && job.startedAt < job.finishedAt);
      const url = await pipelines.liveUrl(job?.id ?? 0, DEPLOYMENT);
      t.equal(url, `${world.origin}/demo/${DEPLOYMENT}/`);
      t.equal(await probe.probe(url ?? '', DEPLOYMENT), 'found');
      t.match(await inventory.read(DEPLOYMENT), { answer: 'leftovers' });
      t.same(await inventory.sweep(), [DEPLOYMENT]);

      const destroy = await world.create({ direction: 'destroy', requestId: 'req-2', startBefore: null });
      t.equal(destroy.sha, apply.sha);
      const destroyed = await world.finish(destroy.pipelineId);
      t.equal(destroyed?.status, 'success');
      world.pass(600_000);
      t.match(await inventory.read(DEPLOYMENT), { answer: 'empty', count: 0 });
      t.same(await inventory.sweep(), []);
      t.equal(await probe.probe(url ?? '', DEPLOYMENT), 'absent');
      t.equal((await pipelines.list(DEPLOYMENT, world.since)).length, 2);
      t.same(world.names(), []);
    },
  );
}

for (const isOld of [false, true]) {
  t.test(
    `Given a ${isOld ? 'server without' : 'server with'} byte ranges, when a log is read in pieces, then they are the log`,
    async (t) => {
      const world = await setUp(t);
      if (isOld) world.control.setFault('trace-ignores-ranges');
      const { pipelineId } = await world.create();
      const pieces: Uint8Array[] = [];
      let offset = 0;
      const readOn = async () => {
        const jobs = (await world.pipelines.read(pipelineId))?.jobs ?? [];
        const bytes = await world.traces.read(jobs.find(({ name }) => name === 'apply')?.id ?? 0, offset);
        offset += bytes.byteLength;
        pieces.push(bytes);
      };
      for (let step = 0; step < 6; step += 1) {
        world.pass(15_000);
        await readOn();
      }
      await world.finish(pipelineId);
      await readOn();
      const jobs = (await world.pipelines.read(pipelineId))?.jobs ?? [];
      const whole = await world.traces.read(jobs.find(({ name }) => name === 'apply')?.id ?? 0, 0);
      t.ok(whole.byteLength > 1_000);
      t.ok(pieces.filter(({ byteLength }) => byteLength > 0).length > 1, 'it came in more than one piece');
      t.ok(Buffer.concat(pieces).equals(whole));
      t.same(world.names(), isOld ? ['gitlab.trace_without_ranges'] : []);
    },
  );
}

t.test('Given a lost answer, when the pipelines are listed, then the pipeline is found by its name', async (t) => {
  const world = await setUp(t);
  world.control.setFault('create-lost-reply', { times: 1 });
  t.ok(isDemoError(await failureOf(world.create()), 'PIPELINES_UNAVAILABLE'));
  t.match(await world.pipelines.list(DEPLOYMENT, world.since), [{ requestId: 'req-1', terminal: false }]);
  world.control.setFault('create-lost-request', { times: 1 });
  t.ok(isDemoError(await failureOf(world.create({ requestId: 'req-2' })), 'PIPELINES_UNAVAILABLE'));
  t.equal((await world.pipelines.list(DEPLOYMENT, world.since)).length, 1);
});

t.test('Given two pipelines of one request, when they are listed, then both are there', async (t) => {
  const world = await setUp(t);
  world.control.setFault('create-twice', { times: 1 });
  const { pipelineId } = await world.create();
  const listed = await world.pipelines.list(DEPLOYMENT, world.since);
  t.equal(listed.length, 2);
  t.ok(listed.some(({ id }) => id === pipelineId));
});

t.test('Given a limit, a rejection or a token nobody knows, when creating, then nothing was made', async (t) => {
  const world = await setUp(t);
  const request = { ...APPLY, startBefore: null };
  world.control.setFault('create-limit', { times: 1 });
  t.match(await world.pipelines.create(request, 5_000), { reason: 'creation_limit', retryable: true });
  world.control.setFault('create-rejected', { times: 1 });
  t.match(await world.pipelines.create(request, 5_000), { reason: 'no_ci_file', retryable: false });
  world.control.setFault('rate-limited', { times: 1, kind: 'json' });
  t.match(await world.pipelines.create(request, 5_000), { reason: 'rate_limited', retryable: true });
  world.control.setFault('forbidden', { times: 1 });
  t.match(await world.pipelines.create(request, 5_000), { reason: 'insufficient_scope', retryable: false });
  world.simulator.setToken('another-made-up-token');
  t.match(await world.pipelines.create(request, 5_000), { reason: 'unauthorized', retryable: true });
  world.simulator.setToken(SIMULATOR_TOKEN);
  world.pass(10_000);
  t.same(await world.pipelines.list(DEPLOYMENT, world.since), []);
});

t.test('Given one bad answer of any kind, when reading, then it is asked again', async (t) => {
  const world = await setUp(t);
  const { pipelineId } = await world.create();
  for (const [fault, parameters] of [
    ['connection-reset', {}],
    ['hang', {}],
    ['server-error-html', { status: 502 }],
    ['server-error-html', { status: 503 }],
    ['server-error-json', {}],
    ['rate-limited', { kind: 'json' }],
    ['rate-limited', { kind: 'text', retry_after_seconds: 2 }],
  ] as const) {
    world.control.setFault(fault, { ...parameters, times: 1 });
    t.match(await world.pipelines.read(pipelineId), { id: pipelineId }, fault);
  }
  world.control.setFault('truncated-json', { times: 1 });
  t.ok(isDemoError(await failureOf(world.pipelines.read(pipelineId)), 'PIPELINES_UNAVAILABLE'));
});

t.test('Given a pipeline that was deleted, when it is read or cancelled, then there is none', async (t) => {
  const world = await setUp(t);
  const { pipelineId } = await world.create();
  world.control.setFault('not-found');
  t.equal(await world.pipelines.read(pipelineId), null);
  t.equal(await world.pipelines.cancel(pipelineId), undefined);
});

t.test('Given a running pipeline, when it is cancelled twice, then it ends', async (t) => {
  const world = await setUp(t);
  const { pipelineId } = await world.create();
  world.pass(20_000);
  await world.pipelines.cancel(pipelineId);
  await world.pipelines.cancel(pipelineId);
  const ended = await world.finish(pipelineId);
  t.equal(ended?.status, 'canceled');
  await world.pipelines.cancel(pipelineId);
});

t.test('Given faults of the artifact, when the link is read, then only a good one is shown', async (t) => {
  const world = await setUp(t);
  const { pipelineId } = await world.create();
  const jobId = (await world.finish(pipelineId))?.jobs.find(({ name }) => name === 'apply')?.id ?? 0;
  const link = () => world.pipelines.liveUrl(jobId, DEPLOYMENT);
  world.control.setFault('artifact-redirect', { times: 1 });
  t.equal(await link(), `${world.origin}/demo/${DEPLOYMENT}/`, 'the storage refuses whoever brings a token');
  world.control.setFault('artifact-missing', { times: 1 });
  t.equal(await link(), null);
  world.control.setFault('artifact-malformed', { times: 1 });
  t.ok(isDemoError(await failureOf(link()), 'PIPELINES_UNAVAILABLE'));
  world.control.setFault('artifact-foreign-url', { times: 1 });
  t.ok(isDemoError(await failureOf(link()), 'OUTPUTS_INVALID'));
});

t.test('Given a status nobody knows, when it is read, then the pipeline is in progress', async (t) => {
  const world = await setUp(t);
  const { pipelineId } = await world.create();
  world.control.setFault('unknown-status');
  t.match(await world.pipelines.read(pipelineId), { terminal: false, status: 'waiting_for_approval' });
  t.same(world.names(), ['gitlab.unknown_status']);
});

t.test('Given faults of the inventory, when it is read, then nothing is known', async (t) => {
  const world = await setUp(t);
  world.control.addOrphan(DEPLOYMENT);
  t.match(await world.inventory.read(DEPLOYMENT), { answer: 'leftovers' });
  world.control.setFault('inventory-partial', { times: 1 });
  t.match(await world.inventory.read(DEPLOYMENT), { answer: 'unknown', count: 0 });
  world.control.setFault('inventory-error', { times: 1 });
  t.equal(await world.inventory.sweep(), null);
});

t.test('Given an armed second destroyer, when it is hastened, then it destroys what is there', async (t) => {
  const world = await setUp(t);
  world.control.addOrphan(DEPLOYMENT);
  await world.destroyer.arm(DEPLOYMENT, world.clock.now() + 3_600_000, 1_800_000);
  await world.destroyer.arm(DEPLOYMENT, world.clock.now() + 3_600_000, 1_800_000);
  t.same(await world.destroyer.list(), [DEPLOYMENT]);
  world.pass(600_000);
  t.match(await world.inventory.read(DEPLOYMENT), { answer: 'leftovers' });
  await world.destroyer.hasten(DEPLOYMENT);
  for (let step = 0; step < PATIENCE_STEPS && (await world.inventory.read(DEPLOYMENT)).answer !== 'empty'; step += 1) {
    world.pass(STEP_MS);
  }
  t.match(await world.inventory.read(DEPLOYMENT), { answer: 'empty' });
  await world.destroyer.disarm(DEPLOYMENT);
  await world.destroyer.disarm(DEPLOYMENT);
  t.same(await world.destroyer.list(), []);
  world.control.setFault('schedules-error', { times: 1 });
  t.ok(isDemoError(await failureOf(world.destroyer.list()), 'SECOND_DESTROYER_UNAVAILABLE'));
});
