import type { FaultParameters } from '../../../src/local/gitlab-simulator/fault-store.ts';
import type { FaultName } from '../../../src/local/gitlab-simulator/fault-table.ts';
import { LOCAL_POLICY } from '../../../src/policies.ts';
import { type FaultCase, NOT_BUILT } from '../fault-case.ts';
import { endsGone } from '../gone.ts';
import { goesLive, isPressed, livesAndEnds, ONE_OF_EACH, sawAWholeLife, UP } from '../way.ts';

const MINUTE_MS = 60_000;

/** The answer to the request for the apply is lost, and nobody notices. */
const unnoticed = (when: string, outcome: string, fault: FaultName, parameters: FaultParameters): FaultCase => ({
  when,
  outcome: `nobody notices: ${outcome}`,
  health: [],
  play: async (t, scene) => {
    scene.fault(fault, { action: 'apply', times: 1, ...parameters });
    await goesLive(t, scene);
    t.equal(scene.count('pipeline.reply_lost'), 1);
    await livesAndEnds(t, scene);
    sawAWholeLife(t, scene);
  },
});

/** Nothing was made, and nothing is any more: it is given up when no apply could start in time. */
const givenUp = (when: string, fault: FaultName, parameters: FaultParameters, made: readonly string[]): FaultCase => ({
  when,
  outcome: 'it is queued until no apply could start in time, then given up; it is idle once nothing can start late',
  ...NOT_BUILT,
  play: async (t, scene) => {
    const pressedAt = scene.clock.now();
    scene.fault(fault, { action: 'apply', ...parameters });
    await isPressed(t, scene);
    await endsGone(t, scene);
    t.same(scene.seen(), ['queued waiting_for_runner', 'destroying not_started', 'idle']);
    t.same(scene.pipelinesMade(), made);
    const [receipt] = await scene.ledger();
    t.match(receipt, { reason: 'not_started', outcome: 'failed', destroyAttempts: 0 });
    const minutes = ((receipt?.gone.at ?? 0) - pressedAt) / MINUTE_MS;
    t.ok(minutes > 16 && minutes < 18, `its deadline and the proof: ${minutes} minutes`);
  },
});

const destroyIsMadeAgain = (
  when: string,
  fault: FaultName,
  parameters: FaultParameters,
  made: readonly string[],
  health: readonly string[] = [],
): FaultCase => ({
  when,
  outcome: 'the visitor sees it going down a little longer, and it is gone',
  health,
  play: async (t, scene) => {
    await goesLive(t, scene);
    scene.fault(fault, { action: 'destroy', times: 1, ...parameters });
    await livesAndEnds(t, scene);
    t.same(scene.seen(), [...UP, 'destroying visitor', 'idle']);
    t.same(scene.pipelinesMade(), made);
  },
});

export const CREATE_CASES = {
  'create-lost-request': [
    unnoticed(
      'the request for the apply is lost',
      'once its absence is proven it is sent again',
      'create-lost-request',
      {},
    ),
    givenUp('every request for the apply is lost', 'create-lost-request', {}, []),
    destroyIsMadeAgain('the request for the destroy is lost', 'create-lost-request', {}, ONE_OF_EACH),
  ],
  'create-lost-reply': [
    unnoticed('the answer is lost', 'the pipeline is found by its name', 'create-lost-reply', {}),
    unnoticed('it takes effect 50 s later', 'it is found by its name', 'create-lost-reply', {
      commit_after_seconds: 50,
    }),
    {
      when: 'it takes effect later than anybody could know, when it was sent again',
      outcome: 'nobody notices: only one of the two builds, the other is cancelled',
      health: [],
      play: async (t, scene) => {
        scene.fault('create-lost-reply', { action: 'apply', times: 1, commit_after_seconds: 205 });
        await goesLive(t, scene);
        await livesAndEnds(t, scene);
        t.same(scene.seen(), [...UP, 'destroying visitor', 'idle']);
        t.same(scene.pipelinesMade(), ['apply success', 'apply canceled', 'destroy success']);
        t.ok(scene.count('pipeline.stranger_cancelled') > 0);
      },
    },
    destroyIsMadeAgain('the answer about the destroy is lost', 'create-lost-reply', {}, ONE_OF_EACH),
  ],
  'create-hang': [
    unnoticed('it never answers and makes nothing', 'it is sent again', 'create-hang', {}),
    unnoticed('it never answers but makes it', 'it is found by its name', 'create-hang', { commit: true }),
  ],
  'create-limit': [
    {
      when: 'it answers twice',
      outcome: 'it is queued a few minutes longer: it is asked again when no double of the request can show any more',
      health: ['latest_start'],
      play: async (t, scene) => {
        scene.fault('create-limit', { times: 2 });
        await goesLive(t, scene);
        t.equal(scene.count('pipeline.refused'), 2);
        await livesAndEnds(t, scene);
        sawAWholeLife(t, scene);
      },
    },
    givenUp('it never ends', 'create-limit', {}, []),
  ],
  'create-rejected': [
    {
      when: 'the ref does not exist',
      outcome: 'the start is given up; a look says that nothing was built, and nothing is charged',
      ...NOT_BUILT,
      play: async (t, scene) => {
        scene.fault('create-rejected', { reason: 'Reference not found' });
        await isPressed(t, scene);
        await endsGone(t, scene);
        t.same(scene.seen(), ['queued waiting_for_runner', 'destroying not_started', 'idle']);
        t.match(await scene.ledger(), [{ reason: 'not_started', outcome: 'never_built', costUsd: 0 }]);
        t.match(
          scene.events.filter(({ name }) => name === 'pipeline.refused').map(({ fields }) => fields.reason),
          ['ref_not_found'],
        );
      },
    },
    {
      when: 'it answers every destroy',
      outcome: 'the visitor sees it going down, and the second destroyer does it',
      health: ['teardown'],
      policy: LOCAL_POLICY,
      play: async (t, scene) => {
        await goesLive(t, scene);
        scene.fault('create-rejected', { action: 'destroy' });
        await scene.tearDown();
        await endsGone(t, scene);
        t.same(scene.seen(), [...UP, 'destroying visitor', 'idle']);
        t.match(scene.pipelinesMade(), [/^apply/], 'and nothing else was made');
        t.match(scene.state().builds, [{ status: 'succeeded' }]);
      },
    },
  ],
  'create-twice': [
    {
      when: 'it happens to the apply',
      outcome: 'the visitor does not notice: one of them is cancelled before it does anything',
      health: [],
      play: async (t, scene) => {
        scene.fault('create-twice', { action: 'apply', times: 1 });
        await goesLive(t, scene);
        await livesAndEnds(t, scene);
        t.same(scene.seen(), [...UP, 'destroying visitor', 'idle']);
        t.same(scene.pipelinesMade(), ['apply canceled', ...ONE_OF_EACH]);
      },
    },
    {
      when: 'it happens to the apply, and its starter ends it while the other one builds',
      outcome: 'the visitor sees it going down, and both are cancelled and destroyed',
      health: [],
      play: async (t, scene) => {
        scene.fault('create-twice', { action: 'apply', times: 1 });
        await isPressed(t, scene);
        await scene.until('deploying');
        await scene.pass(MINUTE_MS);
        t.ok(scene.state().resources.length > 0);
        await scene.tearDown();
        await endsGone(t, scene);
        t.same(scene.seen(), [...UP.slice(0, 2), 'destroying visitor', 'idle']);
        t.same(scene.pipelinesMade(), ['apply canceled', 'apply canceled', 'destroy success']);
      },
    },
    destroyIsMadeAgain('it happens to the destroy', 'create-twice', {}, [...ONE_OF_EACH, 'destroy canceled']),
  ],
  'sha-moved': [
    {
      when: 'the destroy would use other code than the apply',
      outcome: 'nobody notices, but the owner is alarmed',
      health: [],
      play: async (t, scene) => {
        await goesLive(t, scene);
        scene.fault('sha-moved');
        await livesAndEnds(t, scene);
        sawAWholeLife(t, scene);
        t.match(
          scene.events.filter(({ name }) => name === 'pipeline.sha_mismatch'),
          [{ level: 'error' }],
        );
      },
    },
  ],
  'stuck-pipeline': [
    givenUp('it is so for the apply', 'stuck-pipeline', {}, ['apply canceled']),
    {
      when: 'it is so for two minutes',
      outcome: 'it is queued so long, and then goes live',
      health: [],
      play: async (t, scene) => {
        scene.fault('stuck-pipeline', { action: 'apply', for_seconds: 120 });
        await goesLive(t, scene);
        await livesAndEnds(t, scene);
        sawAWholeLife(t, scene);
      },
    },
    {
      policy: LOCAL_POLICY,
      ...destroyIsMadeAgain(
        'it is so for the destroy',
        'stuck-pipeline',
        {},
        ['apply success', 'destroy canceled', 'destroy success'],
        ['teardown'],
      ),
    },
    {
      when: 'it is so for every destroy',
      outcome: 'the second destroyer is told to run now',
      health: ['teardown'],
      policy: LOCAL_POLICY,
      play: async (t, scene) => {
        await goesLive(t, scene);
        scene.fault('stuck-pipeline', { action: 'destroy' });
        await scene.tearDown();
        await endsGone(t, scene);
        t.same(scene.seen(), [...UP, 'destroying visitor', 'idle']);
        t.match(scene.state().builds, [{ status: 'succeeded' }]);
      },
    },
  ],
} as const satisfies Partial<Record<FaultName, readonly FaultCase[]>>;
