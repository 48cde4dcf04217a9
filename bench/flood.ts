import { setTimeout as delay } from 'node:timers/promises';
import autocannon from 'autocannon';
import { median, percentile, type Timed, timed } from './load.ts';
import { type Service, startService } from './service.ts';

const SECONDS = 60;
const PAUSE_MS = 100;
/** Asked at the same time, over and over, by one client: some thousand times what it may, and more than can be answered. */
const FLOOD = { connections: 100, pipelining: 10, workers: 1 };
const FLOODER = '198.51.100.7';

/** Others, each with an address of his own, one after the other: what they may do must go on. */
const othersOf = ({ url }: Service) => {
  let turn = 0;
  const client = (): string => {
    turn += 1;
    return `192.0.2.${turn % 250}`;
  };
  const send =
    (path: string, method: string, headers: Readonly<Record<string, string>> = {}, body?: string) =>
    () =>
      fetch(url + path, {
        method,
        headers: { 'x-client': client(), ...headers },
        ...(body === undefined ? {} : { body }),
      });
  return {
    'GET /healthz': send('/healthz', 'GET'),
    'POST /v1/deployments': send('/v1/deployments', 'POST', { 'content-type': 'application/json' }, '{}'),
    'DELETE /v1/deployments/current': send('/v1/deployments/current', 'DELETE', {
      authorization: 'Bearer nobody-has-it',
    }),
  };
};

const statusesOf = (timings: readonly Timed[]): string => {
  const counts = new Map<number, number>();
  for (const { status } of timings) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${count} × ${status}`).join(', ');
};

/** What others meet while one client reads as fast as it can for a minute. */
export const benchFlood = async (print: (line: string) => void): Promise<void> => {
  const service = await startService({ CLIENT_IP_SOURCE: 'header:x-client' });
  const others = Object.entries(othersOf(service));
  for (const [, ask] of others) await timed(ask);
  const timings = new Map<string, Timed[]>(others.map(([name]) => [name, []]));
  let isOver = false;
  const flood = autocannon({
    ...FLOOD,
    url: `${service.url}/v1/deployments/current`,
    duration: SECONDS,
    headers: { 'x-client': FLOODER },
  });
  const finished = flood.then((result) => {
    isOver = true;
    return result;
  });
  while (!isOver) {
    for (const [name, ask] of others) timings.get(name)?.push(await timed(ask));
    await delay(PAUSE_MS);
  }
  const { requests, statusCodeStats = {} } = (await finished) as autocannon.Result & {
    statusCodeStats?: Record<string, { count: number }>;
  };
  await service.stop();

  const answered = Object.entries(statusCodeStats).map(([status, { count }]) => `${count} × ${status}`);
  print(
    `One client asks for the view for ${SECONDS} s, ${FLOOD.connections * FLOOD.pipelining} times at once: ${requests.average.toFixed(0)} answers a second (${answered.join(', ')}). Others meanwhile, one after the other:\n`,
  );
  print('| what | answers | p50, ms | p99, ms |');
  print('|---|---|---|---|');
  for (const [name, all] of timings) {
    const sorted = all.map(({ ms }) => ms).toSorted((a, b) => a - b);
    print(`| ${name} | ${statusesOf(all)} | ${median(sorted).toFixed(0)} | ${percentile(sorted, 0.99).toFixed(0)} |`);
  }
};
