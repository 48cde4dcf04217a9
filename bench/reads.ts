import { setTimeout as delay } from 'node:timers/promises';
import { type Load, load, median } from './load.ts';
import { startPeer } from './peer.ts';
import { type Service, startService } from './service.ts';

// Many and short ones, in turn: on a shared machine the same server gives twice as much in one as in the next.
const ROUNDS = 9;
const SECONDS = 2;
const CURRENT = '/v1/deployments/current';

type Row = { readonly name: string; readonly loads: readonly Load[] };

const startDemo = async ({ url }: Service): Promise<void> => {
  const answer = await fetch(`${url}/v1/deployments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-client': '192.0.2.1' },
    body: '{}',
  });
  if (answer.status !== 201) throw new Error(`no demo was started: ${answer.status}`);
};

const tagOf = async ({ url }: Service): Promise<string> => {
  const answer = await fetch(url + CURRENT, { headers: { 'x-client': '192.0.2.2' } });
  await answer.arrayBuffer();
  return answer.headers.get('etag') ?? '';
};

const check = ({ statuses }: Load, wanted: string): void => {
  const others = Object.keys(statuses).filter((status) => status !== wanted);
  // A tag that has just changed makes a few full answers of what should be a 304.
  const wrong = others.reduce((sum, status) => sum + (statuses[status] ?? 0), 0);
  const all = wrong + (statuses[wanted] ?? 0);
  if (others.some((status) => status !== '200') || (wanted === '200' && wrong > 0) || (statuses[wanted] ?? 0) < all / 2)
    throw new Error(`unexpected answers: ${JSON.stringify(statuses)}`);
};

const of = (loads: readonly Load[], figure: (load: Load) => number): number => median(loads.map(figure));

const printRows = (rows: readonly Row[], peer: readonly Load[], print: (line: string) => void): void => {
  print('| what | answers a second | of the peer | processor, µs an answer | of the peer | p99, ms |');
  print('|---|---|---|---|---|---|');
  for (const { name, loads } of rows) {
    const perSecond = of(loads, (one) => one.perSecond);
    const micros = of(loads, (one) => one.cpuMicroseconds);
    const ofPeer = perSecond / of(peer, (one) => one.perSecond);
    const costs = micros / of(peer, (one) => one.cpuMicroseconds);
    const p99 = of(loads, (one) => one.p99Ms);
    print(
      `| ${name} | ${perSecond.toFixed(0)} | ${ofPeer.toFixed(2)} | ${micros.toFixed(1)} | ${costs.toFixed(2)} | ${p99.toFixed(0)} |`,
    );
  }
};

/** Hot reads of a running demo with every protection on, beside the smallest server of the framework and of Node. */
export const benchReads = async (print: (line: string) => void): Promise<void> => {
  const [ours, fastify, http] = await Promise.all([
    startService({ CLIENT_IP_SOURCE: 'header:x-client' }),
    startPeer('fastify'),
    startPeer('http'),
  ]);
  await startDemo(ours);
  // Until then the process also follows the pipeline and masks its logs, which is not what is measured.
  while (!ours.lines.some(({ msg, step }) => msg === 'deployment.step' && step === 'go-live')) await delay(500);
  const rounds: Record<'fastify' | 'http' | 'read' | 'unchanged', Load[]> = {
    fastify: [],
    http: [],
    read: [],
    unchanged: [],
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.fastify.push(await load(fastify, '/', { seconds: SECONDS }));
    rounds.http.push(await load(http, '/', { seconds: SECONDS }));
    rounds.read.push(await load(ours, CURRENT, { seconds: SECONDS }));
    rounds.unchanged.push(
      await load(ours, CURRENT, { seconds: SECONDS, headers: { 'if-none-match': await tagOf(ours) } }),
    );
  }
  for (const one of rounds.read) check(one, '200');
  for (const one of rounds.unchanged) check(one, '304');
  print(
    `Hot reads, medians of ${ROUNDS} rounds of ${SECONDS} s, 50 connections; the peer is Fastify with one JSON field.\n`,
  );
  printRows(
    [
      { name: 'Fastify, `{"hello":"world"}`', loads: rounds.fastify },
      { name: '`node:http`, the same', loads: rounds.http },
      { name: 'status of a live demo, every protection on', loads: rounds.read },
      { name: 'the same, 304', loads: rounds.unchanged },
    ],
    rounds.fastify,
    print,
  );
  await Promise.all([ours.stop(), fastify.stop(), http.stop()]);
};
