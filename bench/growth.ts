import { setTimeout as delay } from 'node:timers/promises';
import { createDynamoClient } from '../src/adapters/dynamodb-client.ts';
import { createDynamoDeploymentStore } from '../src/adapters/dynamodb-deployment-store.ts';
import { ensureTable } from '../src/local/dynamodb-table.ts';
import { LOCAL_ACCESS } from '../test/adapters/dynamodb-under-test.ts';
import { sampleTombstone } from '../test/fakes/sample-records.ts';
import { median, timed } from './load.ts';
import { type Service, startNeighbours, startServer, startService } from './service.ts';
import { createPeak, playLife } from './watchers.ts';

type Print = (line: string) => void;

const TABLE = 'demo-on-demand';
/** A run every two hours: as many as a budget lets, for years. */
const BETWEEN_RUNS_MS = 2 * 3_600_000;
const RUN_MS = 3_600_000;
const ASKS = 50;
const WATCHED_SECONDS = 60;
const PAUSE_MS = 500;
const AT_ONCE = 20;

const idOf = (index: number): string => `01930000-0000-7000-8000-${String(index).padStart(12, '0')}`;

/** Ended runs, the last of which ended before now. */
const fillLedger = async (endpoint: string, runs: number): Promise<void> => {
  const client = createDynamoClient({ ...LOCAL_ACCESS, endpoint });
  await ensureTable(client, TABLE);
  const store = createDynamoDeploymentStore(client, TABLE);
  const archive = (index: number): Promise<unknown> => {
    const createdAt = Date.now() - (index + 1) * BETWEEN_RUNS_MS;
    const at = createdAt + RUN_MS;
    const gone = { kind: 'two-empty-readings', at, firstAt: at, secondAt: at } as const;
    return store.archive(sampleTombstone(idOf(index), { createdAt, liveAt: createdAt, downAt: at, gone, costUsd: 0 }));
  };
  for (let from = 0; from < runs; from += AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, runs - from) }, (_, index) => archive(from + index)));
  client.destroy();
};

const read = async (url: string): Promise<number> => {
  const { ms, status } = await timed(() => fetch(url));
  if (status !== 200) throw new Error(`${url}: ${status}`);
  return ms;
};

/** Somebody watches an idle page for a minute and reads the first page of the ledger again and again. */
const readLedger = async (server: Service) => {
  const first = `${server.url}/v1/deployments`;
  const untilMs = performance.now() + WATCHED_SECONDS * 1_000;
  const before = await server.figures();
  const peak = createPeak(server);
  const times: number[] = [];
  while (performance.now() < untilMs) {
    await read(`${server.url}/v1/deployments/current`);
    if (times.length < ASKS) times.push(await read(first));
    await delay(PAUSE_MS);
  }
  const after = await server.figures();
  return {
    pageMs: median(times),
    calls: after.storeCalls - before.storeCalls,
    cpuMs: after.cpuMs - before.cpuMs,
    rssMegabytes: await peak(),
  };
};

const benchLedger = async (print: Print): Promise<void> => {
  print('Ended runs in the table; somebody watches an idle page for a minute and reads the ledger fifty times.\n');
  print('| ended runs | a page of the ledger, p50, ms | operations on the table | processor, ms | RSS most, MB |');
  print('|---|---|---|---|---|');
  for (const runs of [10, 10_000]) {
    const neighbours = await startNeighbours();
    await fillLedger(neighbours.settings.DYNAMODB_ENDPOINT ?? '', runs);
    const server = await startServer(neighbours.settings);
    const { pageMs, calls, cpuMs, rssMegabytes } = await readLedger(server);
    await server.stop();
    await neighbours.stop();
    print(`| ${runs} | ${pageMs.toFixed(1)} | ${calls} | ${cpuMs.toFixed(0)} | ${rssMegabytes.toFixed(0)} |`);
  }
};

const benchLog = async (print: Print): Promise<void> => {
  print('\nOne life with the usual log and with one in which every line comes ten times; nobody watches.\n');
  print('| log | fetched and masked, MB | operations on the table | GitLab calls | processor, s | RSS most, MB |');
  print('|---|---|---|---|---|---|');
  for (const logTimes of [1, 10]) {
    const service = await startService({}, { logTimes });
    const before = await service.figures();
    const peak = createPeak(service);
    await playLife(service);
    const most = await peak();
    const after = await service.figures();
    await service.stop();
    print(
      `| × ${logTimes} | ${after.logMegabytes.toFixed(2)} | ${after.storeCalls - before.storeCalls} | ${after.gitlabCalls - before.gitlabCalls} | ${((after.cpuMs - before.cpuMs) / 1_000).toFixed(1)} | ${most.toFixed(0)} |`,
    );
  }
};

/** What a thousand times the ledger and ten times the log cost; ten times the watchers stand in the part before. */
export const benchGrowth = async (print: Print): Promise<void> => {
  await benchLedger(print);
  await benchLog(print);
};
