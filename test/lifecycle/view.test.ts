import t from 'tap';
import type { Forecast } from '../../src/lifecycle/eta.ts';
import { activeView, idleView, tombstoneView } from '../../src/lifecycle/view.ts';
import {
  APPLIED,
  APPLYING,
  DESTROYED,
  DESTROYING,
  downSince,
  ID,
  jobOf,
  LIVE,
  LIVE_URL,
  lookedAt,
  minute,
  pipelineOf,
  probeOf,
  recordOf,
  SECOND_MS,
  START,
  tombstoneOfRun,
} from '../fakes/records.ts';

const FORECAST: Forecast = {
  totalsSeconds: Array.from({ length: 20 }, () => 780),
  stageSeconds: new Map([['apply', 700.4]]),
};

t.test(
  'Given nothing runs, when it is viewed, then it can be deployed, or it says what is in the way and until when',
  async (t) => {
    t.match(idleView(null, START), {
      id: null,
      status: 'idle',
      reason: 'idle',
      canDeploy: true,
      blocked: null,
      retryAfterSeconds: null,
      stages: [],
      receipt: null,
    });
    const blocked = idleView({ reason: 'nightly_window', until: START + 90_400, detail: null }, START);
    t.match(blocked, { canDeploy: false, retryAfterSeconds: 90 });
  },
);

t.test(
  'Given it is queued, when it is viewed, then it waits for a runner and says when it is likely ready',
  async (t) => {
    const view = activeView(recordOf(APPLYING, lookedAt(pipelineOf('apply', 'waiting'), START)), FORECAST, minute(1));
    t.match(view, {
      id: ID,
      status: 'queued',
      reason: 'waiting_for_runner',
      elapsedSeconds: 60,
      progress: 0,
      eta: { earliest: minute(13), likely: minute(13), latest: minute(13) },
      liveUrl: null,
      expiresInSeconds: null,
      canDeploy: false,
      canDestroy: true,
      canExtend: false,
      blocked: { reason: 'running', until: minute(2) },
      retryAfterSeconds: 60,
      version: 3,
    });
    t.match(view.stages, [
      { name: 'apply', direction: 'apply', state: 'waiting', startedAt: null, expectedSeconds: 700 },
    ]);
  },
);

t.test('Given it is deploying, when it is viewed, then it builds, and after that its link is checked', async (t) => {
  const building = activeView(recordOf(APPLYING, lookedAt(pipelineOf('apply', 'running'), START)), FORECAST, minute(6));
  t.match(building, { status: 'deploying', reason: 'building', canDestroy: true, costSoFarUsd: 0.02 });
  t.ok(building.progress > 0.45 && building.progress < 0.5, 'as much of the stage as has passed');
  const checking = recordOf(APPLIED, {
    ...lookedAt(pipelineOf('apply', 'succeeded'), minute(12)),
    outputs: { at: minute(12), url: LIVE_URL, problem: null },
  });
  t.match(activeView(checking, FORECAST, minute(12)), { status: 'deploying', reason: 'checking_link', liveUrl: null });
});

t.test('Given it is live, when it is viewed, then the link, its end and the cost so far are shown', async (t) => {
  const record = recordOf(LIVE, {
    ...lookedAt(pipelineOf('apply', 'succeeded'), minute(12)),
    probe: probeOf('found', minute(20)),
  });
  t.match(activeView(record, FORECAST, minute(33)), {
    status: 'live',
    reason: 'healthy',
    progress: 1,
    eta: null,
    liveUrl: LIVE_URL,
    liveAt: minute(13),
    linkFailingSince: null,
    expiresAt: minute(73),
    maxExpiresAt: minute(253),
    expiresInSeconds: 40 * 60,
    canExtend: true,
    costSoFarUsd: 0.1,
    // Its end, a minute to destroy it, and five for the proof.
    blocked: { reason: 'running', until: minute(79) },
    retryAfterSeconds: 46 * 60,
  });
});

t.test('Given two failed probes, when it is viewed, then the link is withheld and it says since when', async (t) => {
  const probe = probeOf('absent', minute(21), { failures: 2, failingSince: minute(20) });
  t.match(activeView(recordOf(LIVE, { probe }), FORECAST, minute(22)), {
    status: 'live',
    reason: 'link_not_answering',
    liveUrl: null,
    linkFailingSince: minute(20),
  });
  const forgiven = activeView(recordOf(LIVE, { probe: { ...probe, failures: 1 } }), FORECAST, minute(22));
  t.match(forgiven, { reason: 'healthy', liveUrl: LIVE_URL });
});

t.test('Given it is past its end, when it is viewed, then no time is negative', async (t) => {
  const view = activeView(recordOf(LIVE), FORECAST, minute(80));
  t.match(view, { expiresInSeconds: 0, retryAfterSeconds: 6 * 60 });
  t.equal(
    activeView(recordOf(), FORECAST, START - SECOND_MS).elapsedSeconds,
    0,
    "another task's clock is ahead of ours",
  );
});

t.test(
  'Given it is destroying or quarantined, when it is viewed, then both ways are shown and nothing is allowed',
  async (t) => {
    const seen = {
      applyPipeline: pipelineOf('apply', 'succeeded', { jobs: [jobOf('apply', 'succeeded'), jobOf('stop', 'manual')] }),
      destroyPipeline: pipelineOf('destroy', 'running'),
    };
    const view = activeView(recordOf(DESTROYING, seen), FORECAST, minute(22));
    t.match(view, {
      status: 'destroying',
      reason: 'visitor',
      liveUrl: null,
      canDestroy: false,
      canExtend: false,
      eta: null,
      // It was torn down long before its end, which says nothing any more.
      expiresInSeconds: null,
      retryAfterSeconds: 60,
    });
    t.same(
      view.stages.map(({ name, direction, expectedSeconds }) => [name, direction, expectedSeconds]),
      [
        ['apply', 'apply', 700],
        ['destroy', 'destroy', null],
      ],
    );
    const stuck = recordOf({ ...DESTROYED, goal: downSince(minute(20)), quarantinedAt: minute(60) }, seen);
    t.match(activeView(stuck, FORECAST, minute(70)), { status: 'quarantined', reason: 'visitor', canDestroy: false });
  },
);

t.test('Given it is gone, when its permalink is viewed, then the receipt says how and that it is proven', async (t) => {
  const view = tombstoneView(tombstoneOfRun(), FORECAST);
  t.match(view, {
    id: ID,
    status: 'idle',
    reason: 'expired',
    elapsedSeconds: 90 * 60,
    progress: 1,
    liveUrl: null,
    liveAt: minute(13),
    canDeploy: false,
    canDestroy: false,
    canExtend: false,
    costSoFarUsd: 0.27,
    version: 12,
    receipt: {
      outcome: 'lived',
      goneAt: minute(90),
      firstEmptyAt: minute(85),
      secondEmptyAt: minute(90),
      costUsd: 0.27,
      destroyAttempts: 1,
      sample: false,
    },
  });
  t.equal(view.stages.length, 2);
});

t.test('Given nothing was ever built, when its permalink is viewed, then the receipt claims no readings', async (t) => {
  const tombstone = tombstoneOfRun({
    liveAt: null,
    outcome: 'never_built',
    reason: 'arm_failed',
    gone: { kind: 'never-built', at: minute(1) },
    costUsd: 0,
    applyPipeline: null,
    destroyPipeline: null,
  });
  t.match(tombstoneView(tombstone, FORECAST), {
    progress: 0,
    stages: [],
    receipt: { outcome: 'never_built', goneAt: minute(1), firstEmptyAt: null, secondEmptyAt: null, costUsd: 0 },
  });
});
