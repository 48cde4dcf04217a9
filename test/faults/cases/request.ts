import type { FaultParameters } from '../../../src/local/gitlab-simulator/fault-store.ts';
import type { FaultName } from '../../../src/local/gitlab-simulator/fault-table.ts';
import { type FaultCase, NOT_BUILT } from '../fault-case.ts';
import { endsGone, neverBegan } from '../gone.ts';
import { builds, goesLive, isPressed, livesAndEnds, ONE_OF_EACH, sawAWholeLife, UP } from '../way.ts';

const MINUTE_MS = 60_000;

/** GitLab cannot be used for two minutes while the demo is built; long enough for the apply to end meanwhile. */
const outage = (name: FaultName, what: string, parameters: FaultParameters = {}): FaultCase => ({
  when: `${what} is the answer for two minutes while it is built`,
  outcome: 'the last known answer is shown as stale, nothing is given up, and it goes live',
  health: ['gitlab'],
  play: async (t, scene) => {
    await builds(t, scene);
    scene.fault(name, parameters);
    await scene.pass(2 * MINUTE_MS);
    t.equal(scene.seen().at(-1), 'deploying building +stale');
    t.same(await scene.healthz(), ['gitlab']);
    scene.repair();
    await livesAndEnds(t, scene);
    t.same(scene.seen().slice(1, 3), ['deploying building', 'deploying building +stale']);
    t.same(scene.seen().slice(-3), ['live healthy +link', 'destroying visitor', 'idle']);
    t.same(scene.pipelinesMade(), ONE_OF_EACH);
  },
});

const notPressed = (name: FaultName, parameters: FaultParameters = {}): FaultCase => ({
  when: 'it is so when the button is pressed',
  outcome: 'the press is refused before anything is built, and works again afterwards',
  health: ['gitlab'],
  play: async (t, scene) => {
    scene.fault(name, parameters);
    t.equal(await scene.press(), 'PREFLIGHT_FAILED');
    t.same(await scene.healthz(), ['gitlab']);
    t.same(scene.seen(), ['idle blocked:preflight']);
    t.same(scene.pipelinesMade(), []);
    await neverBegan(t, scene);
    scene.repair();
    // After a refused token nothing is asked for a while.
    scene.clock.advance(MINUTE_MS);
    await goesLive(t, scene);
    await livesAndEnds(t, scene);
  },
});

const refusedOnce = (name: FaultName, parameters: FaultParameters = {}): FaultCase => ({
  when: 'it answers the request for the apply once',
  outcome: 'it is queued a few minutes longer: it is asked again, and one apply is made',
  health: ['latest_start'],
  play: async (t, scene) => {
    scene.fault(name, { method: 'POST', times: 1, ...parameters });
    await goesLive(t, scene);
    t.equal(scene.count('pipeline.refused'), 1);
    await livesAndEnds(t, scene);
    sawAWholeLife(t, scene);
  },
});

const allTheWayDown: FaultCase = {
  when: 'GitLab is gone for long on the way down',
  outcome: 'the second destroyer is told to run now, and only the proof waits for GitLab',
  health: ['gitlab', 'teardown'],
  play: async (t, scene) => {
    await goesLive(t, scene);
    scene.fault('connection-reset');
    await scene.tearDown();
    await scene.pass(29 * MINUTE_MS);
    t.same(scene.state().builds, []);
    await scene.pass(5 * MINUTE_MS);
    t.match(scene.state().builds, [{ status: 'succeeded' }]);
    t.same(scene.state().resources, [], 'without GitLab');
    await scene.pass(15 * MINUTE_MS);
    t.equal(scene.seen().at(-1), 'destroying visitor +stale', 'empty alone proves nothing');
    scene.repair();
    await endsGone(t, scene);
    t.same(
      scene.pipelinesMade().filter((made) => made.startsWith('apply')),
      ['apply success'],
    );
  },
};

export const REQUEST_CASES = {
  'connection-reset': [notPressed('connection-reset'), outage('connection-reset', 'no answer'), allTheWayDown],
  hang: [
    {
      when: 'it does so six times while it is built',
      outcome: 'the last known answer is shown as stale meanwhile, and it goes live',
      health: ['gitlab'],
      play: async (t, scene) => {
        await builds(t, scene);
        scene.fault('hang', { times: 6, path_contains: '/pipelines/' });
        await livesAndEnds(t, scene);
        t.ok(scene.seen().includes('deploying building +stale'));
        t.same(scene.seen().slice(-3), ['live healthy +link', 'destroying visitor', 'idle']);
        t.same(scene.pipelinesMade(), ONE_OF_EACH);
      },
    },
  ],
  slow: [
    {
      when: 'every answer takes a while',
      outcome: 'nobody notices',
      health: [],
      play: async (t, scene) => {
        scene.fault('slow', { delay_ms: 25, times: 20 });
        await goesLive(t, scene);
        await livesAndEnds(t, scene);
        sawAWholeLife(t, scene);
      },
    },
  ],
  unauthorized: [
    notPressed('unauthorized', { kind: 'expired' }),
    outage('unauthorized', '401', { kind: 'revoked' }),
    refusedOnce('unauthorized'),
  ],
  forbidden: [
    notPressed('forbidden'),
    outage('forbidden', '403'),
    {
      when: 'the token may only read',
      outcome: 'the start is given up; a look says that nothing was built, and nothing is charged',
      ...NOT_BUILT,
      play: async (t, scene) => {
        scene.fault('forbidden', { method: 'POST' });
        await isPressed(t, scene);
        await endsGone(t, scene);
        t.same(scene.seen(), ['queued waiting_for_runner', 'destroying not_started', 'idle']);
        t.match(await scene.ledger(), [{ reason: 'not_started', outcome: 'never_built', costUsd: 0 }]);
        t.same(scene.pipelinesMade(), []);
      },
    },
  ],
  'rate-limited': [
    outage('rate-limited', '429 in text'),
    outage('rate-limited', '429 in JSON', { kind: 'json' }),
    refusedOnce('rate-limited', { kind: 'json' }),
  ],
  'server-error-html': [
    notPressed('server-error-html', { status: 503 }),
    outage('server-error-html', 'a page with 502'),
    outage('server-error-html', 'a page with 503', { status: 503 }),
  ],
  'server-error-json': [notPressed('server-error-json'), outage('server-error-json', '500')],
  'truncated-json': [
    outage('truncated-json', 'half an answer'),
    {
      when: 'the answer to the request for the apply is cut',
      outcome: 'nobody notices: the pipeline is found by its name, and no second one is made',
      health: [],
      play: async (t, scene) => {
        scene.fault('truncated-json', { method: 'POST', times: 1 });
        await goesLive(t, scene);
        t.equal(scene.count('pipeline.reply_lost'), 1);
        await livesAndEnds(t, scene);
        sawAWholeLife(t, scene);
      },
    },
  ],
  'not-found': [
    {
      when: 'somebody deletes the apply while it builds',
      outcome: 'its fate is unknown, so everything is destroyed',
      ...NOT_BUILT,
      play: async (t, scene) => {
        await builds(t, scene);
        scene.fault('not-found', { action: 'apply' });
        await endsGone(t, scene);
        t.same(scene.seen(), [...UP.slice(0, 2), 'destroying deploy_unknown', 'idle']);
        t.match(await scene.ledger(), [{ reason: 'deploy_unknown', outcome: 'failed' }]);
        t.equal(scene.pipelinesMade().at(-1), 'destroy success');
      },
    },
    {
      when: 'somebody deletes the destroy while it runs',
      outcome: 'the inventory decides whether another one is needed',
      health: ['teardown'],
      play: async (t, scene) => {
        await goesLive(t, scene);
        await scene.tearDown();
        await scene.untilThat((record) => record?.observation.destroyPipeline != null);
        scene.fault('not-found', { action: 'destroy', times: 2 });
        await endsGone(t, scene);
        t.same(scene.seen(), [...UP, 'destroying visitor', 'idle']);
      },
    },
  ],
} as const satisfies Partial<Record<FaultName, readonly FaultCase[]>>;
