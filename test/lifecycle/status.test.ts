import t from 'tap';
import { canDestroy, canExtend, isOverdue, shownLiveUrl, statusOf, statusSinceOf } from '../../src/lifecycle/status.ts';
import {
  APPLYING,
  DESTROYED,
  DESTROYING,
  deploymentOf,
  downSince,
  LIVE,
  LIVE_URL,
  lookedAt,
  MINUTE_MS,
  minute,
  pipelineOf,
  probeOf,
  recordOf,
  START,
} from '../fakes/records.ts';

t.test('Given a record, when its status is asked for, then it follows from the facts', async (t) => {
  t.equal(statusOf(null), 'idle');
  t.equal(statusOf(recordOf()), 'queued');
  t.equal(statusOf(recordOf(APPLYING, lookedAt(pipelineOf('apply', 'waiting'), START))), 'queued');
  t.equal(statusOf(recordOf(APPLYING, lookedAt(pipelineOf('apply', 'running'), START))), 'deploying');
  t.equal(statusOf(recordOf(LIVE)), 'live');
  t.equal(statusOf(recordOf(DESTROYING)), 'destroying');
  t.equal(statusOf(recordOf({ ...DESTROYED, quarantinedAt: minute(60) })), 'quarantined');
  const gone = { kind: 'never-built', at: minute(61) } as const;
  t.equal(
    statusOf(recordOf({ ...DESTROYED, quarantinedAt: minute(60), gone })),
    'destroying',
    'only the end order is left',
  );
});

t.test('Given a record, when it is asked since when, then it is the moment at which its status began', async (t) => {
  t.equal(statusSinceOf(null), null);
  t.equal(statusSinceOf(recordOf()), START);
  const running = recordOf(APPLYING, lookedAt(pipelineOf('apply', 'running'), START));
  t.equal(statusSinceOf(running), running.observation.applyPipeline?.jobs[0]?.startedAt ?? 'none');
  const live = recordOf(LIVE);
  t.equal(statusSinceOf(live), live.deployment.liveAt);
  const destroying = recordOf(DESTROYING);
  t.equal(
    statusSinceOf(destroying),
    destroying.deployment.goal.direction === 'down' && destroying.deployment.goal.since,
  );
  t.equal(statusSinceOf(recordOf({ ...DESTROYED, quarantinedAt: minute(60) })), minute(60));
});

t.test(
  'Given a state, when it is asked what it allows, then down allows nothing and only live can be extended',
  async (t) => {
    const allowed = (fields: Parameters<typeof deploymentOf>[0]) => [
      canDestroy(deploymentOf(fields)),
      canExtend(deploymentOf(fields)),
    ];
    t.same(allowed({}), [true, false]);
    t.same(allowed(LIVE), [true, true]);
    t.same(allowed({ ...LIVE, goal: downSince(minute(20)) }), [false, false]);
  },
);

t.test('Given failed probes, when the link is shown, then one is forgiven and two withhold it', async (t) => {
  const shown = (failures: number) =>
    shownLiveUrl(recordOf(LIVE, { probe: probeOf('absent', minute(20), { failures }) }));
  t.equal(shownLiveUrl(recordOf(LIVE)), LIVE_URL);
  t.equal(shown(1), LIVE_URL);
  t.equal(shown(2), null);
  t.equal(shownLiveUrl(recordOf({ ...LIVE, goal: downSince(minute(20)) })), null, 'never while going down');
  t.equal(shownLiveUrl(recordOf({ ...APPLYING, liveUrl: LIVE_URL })), null, 'never before our own probe found it');
});

t.test(
  'Given its end, when the margin for a destroy has passed, then it is overdue, and not a millisecond earlier',
  async (t) => {
    t.notOk(isOverdue(deploymentOf(LIVE), minute(73 + 40 + 30)));
    t.ok(isOverdue(deploymentOf(LIVE), minute(73 + 40 + 30) + 1));
    t.notOk(isOverdue(deploymentOf(APPLYING), minute(45 + 40 + 30)));
    t.ok(isOverdue(deploymentOf(APPLYING), minute(45 + 40 + 30) + 1));
  },
);

t.test('Given a demo that ends early, when a destroy and the margin have passed, then it is overdue', async (t) => {
  const limit = minute(20) + 70 * MINUTE_MS;
  for (const fields of [DESTROYING, { ...DESTROYED, quarantinedAt: minute(60) }]) {
    const early = deploymentOf({ ...fields, goal: downSince(minute(20)) });
    t.notOk(isOverdue(early, limit));
    t.ok(isOverdue(early, limit + 1), 'its own end is an hour later');
  }
});
