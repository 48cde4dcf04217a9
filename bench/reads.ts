import { setTimeout as delay } from 'node:timers/promises';
import { type Load, load, median, percentile } from './load.ts';
import { startPeer } from './peer.ts';
import { type Service, startService } from './service.ts';

// Many and short ones, and the peer around each: on a shared machine the same server gives twice as much in one as in the
// next, so only what is close together can be compared.
const ROUNDS = 15;
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

/** Asks with the view's tag; once more where it changed meanwhile, for the rest of those answers were whole. */
const loadUnchanged = async (ours: Service): Promise<Load> => {
  const tag = await tagOf(ours);
  const measured = await load(ours, CURRENT, { seconds: SECONDS, headers: { 'if-none-match': tag } });
  return (await tagOf(ours)) === tag ? measured : loadUnchanged(ours);
};

const check = ({ statuses }: Load, wanted: string): void => {
  if (Object.keys(statuses).join() !== wanted) throw new Error(`unexpected answers: ${JSON.stringify(statuses)}`);
};

/** Of one round, as a share of what the peer did right before and right after it. */
const shareOf = (read: (load: Load) => number, own: Load, around: readonly Load[]): number =>
  read(own) / (around.reduce((sum, load) => sum + read(load), 0) / around.length);

const FIGURES: readonly [(load: Load) => number, number][] = [
  [({ perSecond }) => perSecond, 0],
  [({ cpuMicroseconds }) => cpuMicroseconds, 1],
  [({ p99Ms }) => p99Ms, 0],
];

/** Every figure with its share of the peer's, and the quartiles of that. */
const cellsOf = ({ loads }: Row, peer: readonly Load[]): readonly string[] =>
  FIGURES.flatMap(([read, digits]) => {
    const shares = loads
      .map((own, round) => shareOf(read, own, peer.slice(round, round + 2)))
      .toSorted((a, b) => a - b);
    const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => percentile(shares, share).toFixed(2));
    return [median(loads.map(read)).toFixed(digits), `${middle} (${low}–${high})`];
  });

const printRows = (rows: readonly Row[], peer: Row, print: (line: string) => void): void => {
  print('| what | answers a second | of the peer | processor, µs an answer | of the peer | p99, ms | of the peer |');
  print('|---|---|---|---|---|---|---|');
  const own = FIGURES.flatMap(([read, digits]) => [median(peer.loads.map(read)).toFixed(digits), '1']);
  for (const [name, cells] of [
    [peer.name, own] as const,
    ...rows.map((row) => [row.name, cellsOf(row, peer.loads)] as const),
  ])
    print(`| ${name} | ${cells.join(' | ')} |`);
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
  const askPeer = () => load(fastify, '/', { seconds: SECONDS });
  // Until V8 has compiled what is asked for again and again.
  await Promise.all([askPeer(), load(http, '/', { seconds: SECONDS }), load(ours, CURRENT, { seconds: SECONDS })]);
  const peer = [await askPeer()];
  const rounds: Record<'http' | 'read' | 'unchanged', Load[]> = { http: [], read: [], unchanged: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.http.push(await load(http, '/', { seconds: SECONDS }));
    rounds.read.push(await load(ours, CURRENT, { seconds: SECONDS }));
    rounds.unchanged.push(await loadUnchanged(ours));
    peer.push(await askPeer());
  }
  for (const one of rounds.read) check(one, '200');
  for (const one of rounds.unchanged) check(one, '304');
  print(
    `Hot reads, ${ROUNDS} rounds of ${SECONDS} s, 50 connections; the peer is Fastify with one JSON field, asked before and after`,
  );
  print('each round. Medians; a share is that of a round, with its quartiles.\n');
  printRows(
    [
      { name: '`node:http`, the same', loads: rounds.http },
      { name: 'status of a live demo, every protection on', loads: rounds.read },
      { name: 'the same, 304', loads: rounds.unchanged },
    ],
    { name: 'Fastify, `{"hello":"world"}`', loads: peer },
    print,
  );
  await Promise.all([ours.stop(), fastify.stop(), http.stop()]);
};
