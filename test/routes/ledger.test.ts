import t from 'tap';
import { buildTestApp } from '../fakes/http-app.ts';
import { checkProblem } from '../fakes/http-problem.ts';
import { createMemoryStore } from '../fakes/memory-store.ts';
import { recordingOfRun } from '../fakes/sample-recordings.ts';
import { SAMPLE_START, sampleTombstone } from '../fakes/sample-records.ts';

const idOf = (index: number): string => `01930000-0000-7000-8000-${String(index).padStart(12, '0')}`;

t.test('Given past runs, When the ledger is read, Then times, durations, cost and proof, and no visitor', async (t) => {
  const { app, demo } = await buildTestApp(t);
  demo.tombstones.set(idOf(1), sampleTombstone(idOf(1), { controlTokenHash: 'hash-of-a-token' }));
  const response = await app.inject({ url: '/v1/deployments' });
  t.equal(response.statusCode, 200);
  t.equal(response.headers['cache-control'], 'no-cache');
  t.same(response.json(), {
    entries: [
      {
        id: idOf(1),
        created_at: '2026-11-24T03:00:00.000Z',
        live_at: '2026-11-24T03:12:00.000Z',
        down_at: '2026-11-24T04:12:00.000Z',
        gone_at: '2026-11-24T04:30:00.000Z',
        deploy_seconds: 720,
        live_seconds: 3_600,
        destroy_seconds: 1_080,
        total_seconds: 5_400,
        outcome: 'lived',
        reason: 'expired',
        cost_usd: 0.27,
        destroy_attempts: 1,
        sample: false,
        has_replay: false,
        proof: {
          kind: 'two_empty_readings',
          first_empty_at: '2026-11-24T04:24:00.000Z',
          second_empty_at: '2026-11-24T04:30:00.000Z',
        },
      },
    ],
    next_cursor: null,
  });
});

t.test('Given a run that never lived, When it is listed, Then what never was is null', async (t) => {
  const { app, demo } = await buildTestApp(t);
  const gone = { kind: 'never-built', at: SAMPLE_START + 90_000 } as const;
  const facts = { liveAt: null, downAt: SAMPLE_START + 60_000, gone, outcome: 'never_built', costUsd: 0 } as const;
  demo.tombstones.set(idOf(1), sampleTombstone(idOf(1), facts));
  t.match((await app.inject({ url: '/v1/deployments' })).json().entries, [
    {
      live_at: null,
      deploy_seconds: null,
      live_seconds: null,
      destroy_seconds: 30,
      total_seconds: 90,
      proof: { kind: 'never_built', first_empty_at: null, second_empty_at: null },
    },
  ]);
});

t.test('Given many runs, When they are paged, Then each comes once, newest first', async (t) => {
  const { app, demo } = await buildTestApp(t);
  for (let index = 1; index <= 45; index += 1) {
    demo.tombstones.set(idOf(index), sampleTombstone(idOf(index), { createdAt: SAMPLE_START + index }));
  }
  const seen: string[] = [];
  let query = '';
  for (let page = 0; page < 3; page += 1) {
    const { entries, next_cursor: cursor } = (await app.inject({ url: `/v1/deployments${query}` })).json();
    t.equal(entries.length, page < 2 ? 20 : 5, 'twenty unless told otherwise');
    seen.push(...entries.map(({ id }: { id: string }) => id));
    t.equal(cursor === null, page === 2);
    query = `?cursor=${cursor}`;
  }
  t.same(
    seen,
    Array.from({ length: 45 }, (_, index) => idOf(45 - index)),
  );
  t.equal((await app.inject({ url: '/v1/deployments?limit=1' })).json().entries.length, 1);
  t.equal((await app.inject({ url: '/v1/deployments?limit=50' })).json().entries.length, 45);
  t.equal((await app.inject({ url: '/v1/deployments?utm_source=x' })).statusCode, 200, 'what is not ours is ignored');
});

t.test('Given runs end while the ledger is paged, When it is read to its end, Then in order, each once', async (t) => {
  const store = createMemoryStore();
  const { app } = await buildTestApp(t, { reader: store });
  let count = 0;
  // Two at a time begin at the same instant, so that the order between them matters too.
  const archive = async (): Promise<void> => {
    count += 1;
    await store.archive(sampleTombstone(idOf(count), { createdAt: SAMPLE_START + Math.floor(count / 2) }));
  };
  while (count < 45) await archive();
  const first = Array.from({ length: 45 }, (_, index) => idOf(45 - index));
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${cursor}`;
    const page = (await app.inject({ url: `/v1/deployments?limit=7${query}` })).json();
    seen.push(...page.entries.map(({ id }: { id: string }) => id));
    cursor = page.next_cursor;
    await archive();
    await archive();
  } while (cursor !== null);
  t.same(seen, first, 'what came meanwhile is newer and shifts nothing');
  const again = (await app.inject({ url: '/v1/deployments?limit=1' })).json();
  t.same(
    again.entries.map(({ id }: { id: string }) => id),
    [idOf(count)],
    'it is on the first page of the next reading',
  );
});

t.test('Given a limit or cursor that is none, When it is sent, Then 400 names it', async (t) => {
  const { app } = await buildTestApp(t);
  for (const limit of ['0', '51', '-1', '01', '1.0', '1e1', '', ' 5', 'x', '5&limit=6', '__proto__']) {
    const problem = checkProblem(
      t,
      await app.inject({ url: `/v1/deployments?limit=${limit}` }),
      400,
      'VALIDATION_FAILED',
    );
    t.match(problem.errors, [{ field: 'limit' }]);
  }
  for (const cursor of ['', 'x', 'MTpBQ1RJVkU']) {
    checkProblem(t, await app.inject({ url: `/v1/deployments?cursor=${cursor}` }), 400, 'BAD_CURSOR');
  }
});

t.test('Given the run that can be watched again, When the ledger is read, Then it and no other says so', async (t) => {
  const { app, demo } = await buildTestApp(t);
  for (const index of [1, 2, 3]) demo.tombstones.set(idOf(index), sampleTombstone(idOf(index)));
  const replays = async (): Promise<readonly string[]> => {
    const { entries } = (await app.inject({ url: '/v1/deployments' })).json();
    return entries.filter((entry: { has_replay: boolean }) => entry.has_replay).map(({ id }: { id: string }) => id);
  };
  demo.recording = recordingOfRun({ id: idOf(2) });
  t.same(await replays(), [], 'while nothing is stored none does, whatever ships');
  demo.recordingIsStored = true;
  t.same(await replays(), [idOf(2)]);
});
