import t from 'tap';
import type { ActiveRecord, DeploymentReader, JobLogs } from '../../src/lifecycle/ports.ts';
import type { Tombstone } from '../../src/lifecycle/tombstone.ts';
import type { Blockage } from '../../src/lifecycle/view.ts';
import { createViews } from '../../src/lifecycle/views.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import {
  DESTROYING,
  ID,
  jobOf,
  LIVE,
  lookedAt,
  minute,
  pipelineOf,
  recordOf,
  START,
  tombstoneOfRun,
} from '../fakes/records.ts';

interface World {
  record: ActiveRecord | null;
  tombstones: Tombstone[];
  blockage: Blockage | null;
  isDown: boolean;
  page: Awaited<ReturnType<JobLogs['lines']>>;
}

const createScene = (given: Partial<World> = {}) => {
  const page = { lines: ['one', 'two'], complete: false };
  const world: World = { record: null, tombstones: [], blockage: null, isDown: false, page, ...given };
  const reads = { active: 0, ledger: 0, tombstone: 0 };
  const asked: Parameters<JobLogs['lines']>[] = [];
  const clock = createFakeClock(minute(30));
  const answer = async <T>(value: T): Promise<T> => {
    await new Promise(setImmediate);
    if (world.isDown) throw new Error('the store is down');
    return value;
  };
  const reader: DeploymentReader = {
    active: () => {
      reads.active += 1;
      return answer(world.record);
    },
    tombstone: (id) => {
      reads.tombstone += 1;
      return answer(world.tombstones.find((tombstone) => tombstone.id === id) ?? null);
    },
    ledger: () => {
      reads.ledger += 1;
      return answer({ tombstones: world.tombstones, next: null });
    },
  };
  const logs: JobLogs = {
    lines: async (...request) => {
      asked.push(request);
      return world.page;
    },
  };
  const views = createViews({ reader, logs, clock, blockage: async () => world.blockage });
  return { world, reads, asked, clock, views };
};

const CURRENT = { kind: 'current' } as const;
const byId = (id: string) => ({ kind: 'id', id }) as const;
const OTHER = '01930000-0000-7000-8000-00000000000b';

t.test(
  'Given a thousand callers, when they look within a second, then the store is read once, and once more after it',
  async (t) => {
    const { views, reads, clock } = createScene({ record: recordOf(LIVE) });
    const all = await Promise.all(Array.from({ length: 1_000 }, () => views.view(CURRENT)));
    t.ok(all.every((view) => view?.status === 'live'));
    t.same(reads, { active: 1, ledger: 1, tombstone: 0 });
    clock.advance(999);
    await views.view(CURRENT);
    t.equal(reads.active, 1);
    clock.advance(1);
    await Promise.all([views.view(CURRENT), views.view(CURRENT)]);
    t.same(reads, { active: 2, ledger: 1, tombstone: 0 });
    clock.advance(30_000);
    await views.view(CURRENT);
    t.equal(reads.ledger, 2, 'the forecast follows more slowly');
  },
);

t.test('Given a write of our own, when what was read is dropped, then the next look reads anew', async (t) => {
  const { views, reads, world } = createScene({ record: recordOf(LIVE) });
  await views.view(CURRENT);
  world.record = recordOf(DESTROYING);
  t.equal((await views.view(CURRENT))?.status, 'live', 'up to a second old');
  views.invalidate();
  t.equal((await views.view(CURRENT))?.status, 'destroying');
  t.equal(reads.active, 2);
});

t.test('Given a read that fails, when the store answers again, then the failure was not kept', async (t) => {
  const { views, world } = createScene({ record: recordOf(LIVE), isDown: true });
  const both = await Promise.allSettled([views.view(CURRENT), views.view(CURRENT)]);
  t.same(
    both.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  world.isDown = false;
  t.equal((await views.view(CURRENT))?.status, 'live', 'in the same second');
});

t.test('Given a target, when it is viewed, then the alias always answers and an unknown id does not', async (t) => {
  const { views, world } = createScene({ record: recordOf(LIVE), tombstones: [tombstoneOfRun({ id: OTHER })] });
  t.equal((await views.view(byId(ID)))?.status, 'live');
  t.match(await views.view(byId(OTHER)), { id: OTHER, status: 'idle', receipt: { outcome: 'lived' } });
  t.equal(await views.view(byId('01930000-0000-7000-8000-00000000000c')), null);
  world.record = null;
  views.invalidate();
  t.match(await views.view(CURRENT), { id: null, status: 'idle', canDeploy: true });
  t.match(await views.ofRecord(recordOf(DESTROYING)), { status: 'destroying' });
  t.match(await views.ofTombstone(tombstoneOfRun()), { id: ID, reason: 'expired' });
});

t.test('Given something stops every start, when idle is viewed, then it says what and until when', async (t) => {
  const { views, world } = createScene();
  t.match(await views.view(CURRENT), { canDeploy: true, blocked: null, retryAfterSeconds: null });
  world.blockage = { reason: 'nightly_window', until: minute(32), detail: null };
  views.invalidate();
  t.match(await views.view(CURRENT), { canDeploy: false, blocked: world.blockage, retryAfterSeconds: 120 });
  world.blockage = { reason: 'paused', until: null, detail: 'On holiday.' };
  views.invalidate();
  t.match(await views.view(CURRENT), { canDeploy: false, blocked: world.blockage, retryAfterSeconds: null });
});

t.test(
  'Given a pipeline, when it is viewed, then it says when it was last seen, and during an outage that it is stale',
  async (t) => {
    const { views, world } = createScene({
      record: recordOf(LIVE, lookedAt(pipelineOf('apply', 'running'), minute(20))),
    });
    t.match(await views.pipeline(CURRENT), { direction: 'apply', observedAt: minute(20), stale: false });
    // GitLab cannot be asked since minute 21; the last try was at minute 29.
    const seen = {
      ...lookedAt(pipelineOf('apply', 'running'), minute(20)),
      observedAt: minute(29),
      gitlabFailingSince: minute(21),
    };
    world.record = recordOf(LIVE, seen);
    views.invalidate();
    t.match(await views.pipeline(byId(ID)), { direction: 'apply', observedAt: minute(20), stale: true });
  },
);

t.test(
  'Given both pipelines, when one is viewed, then it is the destroy; of a tombstone it is never stale',
  async (t) => {
    const seen = {
      ...lookedAt(pipelineOf('destroy', 'running'), minute(21)),
      applyPipeline: pipelineOf('apply', 'succeeded'),
    };
    const { views } = createScene({
      record: recordOf(DESTROYING, seen),
      tombstones: [
        tombstoneOfRun({ id: OTHER, destroyPipeline: pipelineOf('destroy', 'succeeded', { finishedAt: minute(10) }) }),
        tombstoneOfRun({ id: START.toString(), applyPipeline: null, destroyPipeline: null }),
      ],
    });
    t.match(await views.pipeline(CURRENT), { direction: 'destroy', pipeline: { id: 2 }, observedAt: minute(21) });
    t.match(await views.pipeline(byId(OTHER)), { direction: 'destroy', stale: false, observedAt: minute(90) });
    await t.rejects(views.pipeline(byId(START.toString())), { code: 'NO_PIPELINE' });
  },
);

t.test('Given nothing to show, when pipeline or logs are asked for, then it is told which of both', async (t) => {
  const { views, world } = createScene();
  await t.rejects(views.pipeline(CURRENT), { code: 'NOT_FOUND' });
  await t.rejects(views.logs(byId(OTHER), null, 0), { code: 'NOT_FOUND' });
  world.record = recordOf();
  views.invalidate();
  await t.rejects(views.pipeline(CURRENT), { code: 'NO_PIPELINE' });
  await t.rejects(views.logs(CURRENT, null, 0), { code: 'NO_PIPELINE' });
});

const pipelineWith = (...jobs: ReturnType<typeof jobOf>[]) =>
  lookedAt(pipelineOf('apply', 'running', { jobs }), minute(20));

t.test(
  'Given jobs, when logs are asked for without one, then it is the running, else the latest, else the first',
  async (t) => {
    const plan = jobOf('plan', 'succeeded', { id: 10 });
    const apply = jobOf('apply', 'running', { id: 11 });
    const later = jobOf('check', 'waiting', { id: 12 });
    const { views, world, asked } = createScene({ record: recordOf(LIVE, pipelineWith(plan, apply, later)) });
    t.match(await views.logs(CURRENT, null, 5), {
      jobId: 11,
      jobName: 'apply',
      lines: ['one', 'two'],
      nextLine: 7,
      complete: false,
    });
    t.same(asked.at(-1), [{ deploymentId: ID, jobId: 11 }, 5, 1_000]);

    world.record = recordOf(LIVE, pipelineWith(plan, later));
    world.page = { lines: ['one'], complete: true };
    views.invalidate();
    t.match(await views.logs(CURRENT, null, 0), { jobId: 10, complete: true });

    world.record = recordOf(LIVE, pipelineWith(later));
    views.invalidate();
    t.match(await views.logs(CURRENT, null, 0), { jobId: 12, lines: [], complete: false }, 'it has not begun');
  },
);

t.test('Given a job by its id, when its log is asked for, then either pipeline is searched and no other', async (t) => {
  const seen = {
    ...pipelineWith(jobOf('apply', 'succeeded', { id: 11 })),
    destroyPipeline: pipelineOf('destroy', 'running', { jobs: [jobOf('destroy', 'running', { id: 21 })] }),
  };
  const { views, asked } = createScene({
    record: recordOf(DESTROYING, seen),
    tombstones: [tombstoneOfRun({ id: OTHER, destroyPipeline: null })],
  });
  t.match(await views.logs(CURRENT, 11, 0), { jobId: 11, complete: false });
  t.match(await views.logs(CURRENT, 21, 0), { jobId: 21, complete: false });
  await t.rejects(views.logs(CURRENT, 99, 0), { code: 'UNKNOWN_JOB' });
  t.match(await views.logs(byId(OTHER), null, 0), { jobId: 11, complete: true }, 'of a run that is gone');
  t.same(asked.at(-1)?.[0], { deploymentId: OTHER, jobId: 11 });
});

t.test('Given a run that is gone, when a log of it is read, then what is there is all there is', async (t) => {
  const thousand = Array<string>(1_000).fill('x');
  const { views, world } = createScene({ tombstones: [tombstoneOfRun({ id: OTHER })] });
  const read = (fromLine: number) => views.logs(byId(OTHER), 11, fromLine);
  world.page = { lines: thousand, complete: false };
  t.match(await read(0), { nextLine: 1_000, complete: false }, 'a whole page, so there may be more');
  world.page = { lines: thousand.slice(1), complete: false };
  t.match(await read(0), { nextLine: 999, complete: true }, 'it was never ended, and nobody will end it');
  world.page = { lines: [], complete: true };
  t.match(await read(0), { lines: [], complete: true }, 'it wrote nothing');
  world.page = { lines: [], complete: false };
  t.match(await read(0), { lines: ['[this log is no longer kept]'], nextLine: 1, complete: true }, 'it has expired');
  t.match(await read(1), { lines: [], nextLine: 1, complete: true }, 'and it says so once');
});

t.test('Given jobs that never ran, when their logs are read, then none is looked for', async (t) => {
  const never = (state: 'skipped' | 'waiting') => jobOf('check', state, { id: 12, startedAt: null });
  const { views, world, asked } = createScene({ record: recordOf(LIVE, pipelineWith(never('skipped'))) });
  t.match(await views.logs(CURRENT, 12, 0), { lines: [], complete: true });
  world.record = recordOf(LIVE, pipelineWith(never('waiting')));
  views.invalidate();
  t.match(await views.logs(CURRENT, 12, 0), { lines: [], complete: false });
  t.same(asked, []);
});
