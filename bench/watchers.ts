import { setTimeout as delay } from 'node:timers/promises';
import { median, percentile } from './load.ts';
import { type LogLine, type Service, startService } from './service.ts';
import { ALL_ARRIVED_MS, type Sight, watch } from './watcher.ts';

/** A client may hold a hundred reads, so that many watchers need many addresses. */
const ADDRESSES = 64;
const LOOK_MS = 2_000;
const LIVE_FOR_MS = 5_000;

/** What a whole life cost before so many watchers. */
export type Watched = {
  readonly watchers: number;
  readonly staleMs: { readonly p50: number; readonly p99: number; readonly samples: number };
  readonly rssMegabytes: { readonly idle: number; readonly most: number };
  readonly cpuSeconds: number;
  readonly seconds: number;
  readonly storeReads: number;
  readonly gitlabCalls: number;
};

/** The log knows without being asked, so that nobody watches but the watchers. */
const untilLogged = async ({ lines }: Service, isWanted: (line: LogLine) => boolean): Promise<number> => {
  for (;;) {
    const found = lines.find(isWanted);
    if (found !== undefined) return Date.parse(found.time);
    await delay(100);
  }
};

/** One life, from the press to the proof: when the server decided each status, by which it is seen later. */
export const playLife = async (service: Service): Promise<Readonly<Record<string, number>>> => {
  const headers = { 'content-type': 'application/json' };
  const queued = Date.now();
  const started = await fetch(`${service.url}/v1/deployments`, { method: 'POST', headers, body: '{}' });
  if (started.status !== 201) throw new Error(`no demo was started: ${started.status}`);
  const { id, control_token: token } = (await started.json()) as { id: string; control_token: string };
  const live = await untilLogged(service, ({ msg, step }) => msg === 'deployment.step' && step === 'go-live');
  await delay(LIVE_FOR_MS);
  const destroying = Date.now();
  await fetch(`${service.url}/v1/deployments/${id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${token}` },
  });
  const idle = await untilLogged(service, ({ msg }) => msg === 'deployment.gone');
  return { queued, live, destroying, idle };
};

const staleness = (sights: readonly Sight[], decided: Readonly<Record<string, number>>): Watched['staleMs'] => {
  const stale = sights
    .flatMap(({ status, at }) => {
      const since = decided[status];
      return since === undefined ? [] : [Math.max(0, at - since)];
    })
    .toSorted((a, b) => a - b);
  return { p50: median(stale), p99: percentile(stale, 0.99), samples: stale.length };
};

/** The most memory that it had while this went on. */
export const createPeak = (service: Service) => {
  let most = 0;
  const look = async (): Promise<void> => {
    most = Math.max(most, (await service.figures()).rssMegabytes);
  };
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_MS);
  return async (): Promise<number> => {
    clearInterval(timer);
    await look();
    return most;
  };
};

/** Plays one life of a demo before so many watchers. */
export const watchLife = async (watchers: number): Promise<Watched> => {
  const service = await startService();
  await delay(2_000);
  const idle = (await service.figures()).rssMegabytes;
  const sights: Sight[] = [];
  const ending = new AbortController();
  const port = Number(new URL(service.url).port);
  const everyone = Array.from({ length: watchers }, (_, index) => {
    const localAddress = `127.0.1.${1 + (index % ADDRESSES)}`;
    return watch({ port, localAddress, saw: (sight) => sights.push(sight), signal: ending.signal });
  });
  await delay(ALL_ARRIVED_MS);
  const before = await service.figures();
  const begin = performance.now();
  const peak = createPeak(service);
  const decided = await playLife(service);
  await delay(3_000);
  const most = await peak();
  const after = await service.figures();
  const seconds = (performance.now() - begin) / 1_000;
  ending.abort();
  await Promise.all(everyone);
  await service.stop();
  return {
    watchers,
    staleMs: staleness(sights, decided),
    rssMegabytes: { idle, most },
    cpuSeconds: (after.cpuMs - before.cpuMs) / 1_000,
    seconds,
    storeReads: after.storeReads - before.storeReads,
    gitlabCalls: after.gitlabCalls - before.gitlabCalls,
  };
};

const rowOf = ({ watchers, staleMs, rssMegabytes, cpuSeconds, seconds, storeReads, gitlabCalls }: Watched): string => {
  const seen = watchers === 0 ? '– | –' : `${staleMs.p50.toFixed(0)} ms | ${staleMs.p99.toFixed(0)} ms`;
  return `| ${watchers} | ${seen} | ${staleMs.samples} | ${rssMegabytes.idle.toFixed(0)} | ${rssMegabytes.most.toFixed(0)} | ${cpuSeconds.toFixed(1)} | ${seconds.toFixed(0)} | ${(storeReads / seconds).toFixed(2)} | ${gitlabCalls} |`;
};

/** A life each before nobody, one, five hundred and five thousand watchers. */
export const benchWatchers = async (print: (line: string) => void): Promise<void> => {
  print(
    'One life each, from the press to the proof. Seen after: from the decision in the log to the status at the watcher.\n',
  );
  print(
    '| watchers | seen after, p50 | p99 | of sights | RSS idle, MB | RSS most, MB | processor, s | of s | store reads a second | GitLab calls |',
  );
  print('|---|---|---|---|---|---|---|---|---|---|');
  const lives: Watched[] = [];
  for (const watchers of [0, 1, 500, 5_000]) {
    const life = await watchLife(watchers);
    lives.push(life);
    print(rowOf(life));
  }
  const [nobody, , some, many] = lives.map(({ cpuSeconds }) => cpuSeconds);
  if (nobody === undefined || some === undefined || many === undefined) return;
  const growth = (many - nobody) / (some - nobody);
  print(`\nTen times the watchers cost ${growth.toFixed(1)} times the processor that the first ones cost.`);
};
