import { Agent, type IncomingMessage, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { median, type Server, startServer } from './load.ts';
import type { ServerEvent } from './server/figures.ts';

const PATH = '/v1/deployments/current';
/** A client may hold a hundred reads, so that many watchers need many addresses. */
const ADDRESSES = 64;
const ARRIVING_MS = 4_000;

type Answer = { readonly status: number; readonly etag: string | undefined; readonly body: string };

const read = async (response: IncomingMessage): Promise<Answer> => {
  let body = '';
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode ?? 0, etag: response.headers.etag, body };
};

const asking =
  (server: Server, agent: Agent) =>
  (etag: string | undefined): Promise<Answer> => {
    const headers = etag === undefined ? {} : { 'if-none-match': etag, prefer: 'wait=20' };
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    request(server.url + PATH, { agent, headers }, (response) => read(response).then(resolve, reject))
      .once('error', reject)
      .end();
    return promise;
  };

type Sight = { readonly status: string; readonly at: number };

/** One watcher: holds a read, and asks again with what it has seen; until it is told to stop. */
const watch = async (server: Server, address: string, saw: (sight: Sight) => void, signal: AbortSignal) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, localAddress: address });
  const ask = asking(server, agent);
  let etag: string | undefined;
  let status = '';
  await delay(Math.random() * ARRIVING_MS);
  while (!signal.aborted) {
    try {
      const answer = await ask(etag);
      if (answer.status === 200) {
        const seen: unknown = JSON.parse(answer.body);
        const now = (seen as { status: string }).status;
        if (now !== status && status !== '') saw({ status: now, at: Date.now() });
        status = now;
        etag = answer.etag;
      } else if (answer.status !== 304) await delay(1_000 + Math.random() * 1_000);
    } catch {
      await delay(1_000);
    }
  }
  agent.destroy();
};

/** What the server said of a whole life with so many watchers. */
export type Watched = {
  readonly watchers: number;
  readonly staleMs: { readonly p50: number; readonly p99: number; readonly samples: number };
  readonly rssMegabytes: { readonly idle: number; readonly most: number };
  readonly cpuSeconds: number;
  readonly seconds: number;
  readonly storeReads: number;
  readonly gitlabCalls: number;
};

const ownerOf = (url: string, token: string, init: RequestInit): Promise<Response> =>
  fetch(url, { ...init, headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` } });

const untilStatus = async (server: Server, wanted: string): Promise<void> => {
  for (;;) {
    const view = (await (await fetch(server.url + PATH)).json()) as { status: string };
    if (view.status === wanted) return;
    await delay(1_000);
  }
};

/** When the server decided each status, so that it can be compared with when a watcher saw it. */
const decided = (events: readonly ServerEvent[], startedAt: number, destroyedAt: number) => ({
  queued: startedAt,
  live: events.find(({ name, step }) => name === 'deployment.step' && step === 'go-live')?.at,
  destroying: destroyedAt,
  idle: events.find(({ name }) => name === 'deployment.gone')?.at,
});

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/** Plays one life of a demo, from the press to the proof, before so many watchers. */
export const watchLife = async (watchers: number): Promise<Watched> => {
  const server = await startServer('ours.ts', [], { CLIENT_IP_SOURCE: 'socket' });
  const events: ServerEvent[] = [];
  server.process.on('message', (message) => {
    const { event } = message as { event?: ServerEvent };
    if (event !== undefined) events.push(event);
  });
  const idle = (await server.figures()).rssMegabytes;
  const sights: Sight[] = [];
  const ending = new AbortController();
  const everyone = Array.from({ length: watchers }, (_, index) =>
    watch(server, `127.0.1.${1 + (index % ADDRESSES)}`, (sight) => sights.push(sight), ending.signal),
  );
  await delay(ARRIVING_MS + 1_000);
  const before = await server.figures();
  const begin = performance.now();
  const started = await fetch(`${server.url}/v1/deployments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  const startedAt = Date.now();
  const { id, control_token: token } = (await started.json()) as { id: string; control_token: string };
  let most = before.rssMegabytes;
  const looking = setInterval(() => {
    void server.figures().then(({ rssMegabytes }) => {
      most = Math.max(most, rssMegabytes);
    });
  }, 2_000);
  await untilStatus(server, 'live');
  await delay(5_000);
  await ownerOf(`${server.url}/v1/deployments/${id}`, token, { method: 'DELETE' });
  const destroyedAt = Date.now();
  await untilStatus(server, 'idle');
  await delay(3_000);
  clearInterval(looking);
  await delay(200);
  const after = await server.figures();
  const seconds = (performance.now() - begin) / 1_000;
  ending.abort();
  await server.stop();
  await Promise.allSettled(everyone);
  const times = decided(events, startedAt, destroyedAt);
  const stale = sights
    .flatMap(({ status, at }) => {
      const decidedAt = times[status as keyof typeof times];
      return decidedAt === undefined ? [] : [Math.max(0, at - decidedAt)];
    })
    .toSorted((a, b) => a - b);
  return {
    watchers,
    staleMs: { p50: median(stale), p99: percentile(stale, 0.99), samples: stale.length },
    rssMegabytes: { idle, most: Math.max(most, after.rssMegabytes) },
    cpuSeconds: (after.cpuMs - before.cpuMs) / 1_000,
    seconds,
    storeReads: after.storeReads - before.storeReads,
    gitlabCalls: after.gitlabCalls - before.gitlabCalls,
  };
};

/** One life each before one, a thousand and five thousand watchers. */
export const benchWatchers = async (print: (line: string) => void): Promise<void> => {
  print(
    '| watchers | seen after, p50 | p99 | of sights | RSS idle, MB | RSS most, MB | processor, s | of s | store reads a second | GitLab calls |',
  );
  print('|---|---|---|---|---|---|---|---|---|---|');
  for (const watchers of [1, 1_000, 5_000]) {
    const { staleMs, rssMegabytes, cpuSeconds, seconds, storeReads, gitlabCalls } = await watchLife(watchers);
    print(
      `| ${watchers} | ${staleMs.p50.toFixed(0)} ms | ${staleMs.p99.toFixed(0)} ms | ${staleMs.samples} | ${rssMegabytes.idle.toFixed(0)} | ${rssMegabytes.most.toFixed(0)} | ${cpuSeconds.toFixed(1)} | ${seconds.toFixed(0)} | ${(storeReads / seconds).toFixed(2)} | ${gitlabCalls} |`,
    );
  }
};
