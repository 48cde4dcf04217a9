import type { FaultParameters } from '../../../src/local/gitlab-simulator/fault-store.ts';
import type { FaultName } from '../../../src/local/gitlab-simulator/fault-table.ts';
import { type FaultCase, NOT_BUILT } from '../fault-case.ts';
import { endsGone } from '../gone.ts';
import { goesLive, isPressed, livesAndEnds, sawAWholeLife, UP } from '../way.ts';

const MINUTE_MS = 60_000;

/** The link is not there, or does not answer, when the demo is built. */
const neverLive = (fault: FaultName, checking: boolean, parameters: FaultParameters = {}): FaultCase => ({
  when: 'it is so from the beginning',
  outcome: 'it is never called live: it is given up at the deadline and destroyed',
  ...NOT_BUILT,
  play: async (t, scene) => {
    scene.fault(fault, parameters);
    await isPressed(t, scene);
    await endsGone(t, scene);
    const waiting = checking ? ['deploying checking_link'] : [];
    t.same(scene.seen(), [...UP.slice(0, 2), ...waiting, 'destroying not_live', 'idle']);
    t.match(await scene.ledger(), [{ reason: 'not_live', outcome: 'failed', liveAt: null }]);
    t.same(scene.pipelinesMade(), ['apply success', 'destroy success']);
  },
});

/** It ends before the deadline. */
const liveLater = (fault: FaultName, checking: boolean, health: readonly string[] = []): FaultCase => ({
  when: 'it is so for two minutes after the demo was built',
  outcome: 'it is not called live before that is over',
  health,
  play: async (t, scene) => {
    scene.fault(fault);
    await isPressed(t, scene);
    await scene.untilThat((record) => record?.deployment.attempts[0]?.settled != null);
    await scene.pass(2 * MINUTE_MS);
    t.match(scene.seen().at(-1), checking ? /^deploying checking_link/ : /^deploying building/);
    scene.repair();
    await livesAndEnds(t, scene);
    t.same(scene.seen().slice(-3), ['live healthy +link', 'destroying visitor', 'idle']);
  },
});

/** It begins while the demo lives. */
const withheld = (fault: FaultName): FaultCase => ({
  when: 'it is so for three minutes while it lives',
  outcome: 'the link is withheld after two failures, with the time since when, and comes back',
  health: ['live_demo'],
  play: async (t, scene) => {
    await goesLive(t, scene);
    const since = scene.clock.now();
    scene.fault(fault);
    await scene.pass(3 * MINUTE_MS);
    t.equal(scene.seen().at(-1), 'live link_not_answering');
    const failingSince = (await scene.views.view({ kind: 'current' }))?.linkFailingSince ?? 0;
    t.ok(failingSince >= since && failingSince <= since + 31_000);
    scene.repair();
    await livesAndEnds(t, scene);
    t.same(scene.seen(), [...UP, 'live link_not_answering', 'live healthy +link', 'destroying visitor', 'idle']);
  },
});

const unhealthy = (fault: FaultName): FaultCase => ({
  when: 'it is so for ten minutes while it lives',
  outcome: 'the link is withheld, and after ten minutes it is destroyed',
  health: ['live_demo'],
  play: async (t, scene) => {
    await goesLive(t, scene);
    scene.fault(fault);
    await endsGone(t, scene);
    t.same(scene.seen(), [...UP, 'live link_not_answering', 'destroying unhealthy', 'idle']);
    const [receipt] = await scene.ledger();
    t.match(receipt, { reason: 'unhealthy', outcome: 'lived' });
    const minutes = ((receipt?.downAt ?? 0) - (receipt?.liveAt ?? 0)) / MINUTE_MS;
    t.ok(minutes >= 10 && minutes < 11.5, `${minutes} minutes`);
  },
});

export const LIVE_LINK_CASES = {
  'artifact-missing': [neverLive('artifact-missing', false), liveLater('artifact-missing', false)],
  'artifact-redirect': [
    {
      when: 'the storage behind it refuses whoever brings our token',
      outcome: 'nobody notices: the token is not sent there',
      health: [],
      play: async (t, scene) => {
        scene.fault('artifact-redirect');
        await goesLive(t, scene);
        await livesAndEnds(t, scene);
        sawAWholeLife(t, scene);
      },
    },
  ],
  'artifact-malformed': [
    {
      when: 'it is so from the beginning',
      outcome: 'it is never called live: it is given up at the deadline and destroyed',
      ...NOT_BUILT,
      health: ['gitlab', 'latest_start'],
      play: async (t, scene) => {
        scene.fault('artifact-malformed');
        await isPressed(t, scene);
        await endsGone(t, scene);
        t.same(scene.seen().slice(0, 3), [...UP.slice(0, 2), 'deploying building +stale']);
        t.match(await scene.ledger(), [{ reason: 'not_live', outcome: 'failed' }]);
      },
    },
    liveLater('artifact-malformed', false, ['gitlab']),
  ],
  'artifact-foreign-url': [
    {
      when: 'it leads elsewhere',
      outcome: 'nobody ever sees the link: it is given up at once, and the owner is alarmed',
      ...NOT_BUILT,
      play: async (t, scene) => {
        scene.fault('artifact-foreign-url', { url: 'https://evil.example/' });
        await isPressed(t, scene);
        await endsGone(t, scene);
        t.same(scene.seen(), [...UP.slice(0, 2), 'destroying not_live', 'idle']);
        t.equal(scene.count('deployment.link_refused'), 1);
      },
    },
  ],
  'live-url-down': [withheld('live-url-down'), unhealthy('live-url-down')],
  'live-url-holding': [neverLive('live-url-holding', true), liveLater('live-url-holding', true)],
  'live-url-redirect': [neverLive('live-url-redirect', true, { url: 'http://169.254.169.254/' })],
  'live-url-foreign': [withheld('live-url-foreign')],
} as const satisfies Partial<Record<FaultName, readonly FaultCase[]>>;
