// GitLab as it is, but every whole line of a job's log comes so many times: node bench/server/longer-logs.ts <url> <times>
// What was told of a log stays its beginning, as a runner's log does.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

const [upstream = '', times = '1'] = process.argv.slice(2);
const TRACE = /\/jobs\/\d+\/trace$/;
/** What belongs to one connection, or is made anew. */
const HOP_BY_HOP = ['connection', 'host', 'keep-alive', 'content-length', 'transfer-encoding', 'content-encoding'];

const passedOn = (headers: Headers | IncomingMessage['headers']): [string, string][] => {
  const entries = headers instanceof Headers ? [...headers] : Object.entries(headers);
  return entries.flatMap(([name, value]) => (HOP_BY_HOP.includes(name) ? [] : [[name, String(value)] as const])) as [
    string,
    string,
  ][];
};

/** The asked part of the longer log. */
const longer = (log: Buffer, url: URL): Buffer => {
  const lines = log.toString('latin1').split('\n');
  const rest = lines.pop() ?? '';
  const whole = lines.map((line) => `${line}\n`.repeat(Number(times))).join('') + rest;
  const from = Number(url.searchParams.get('byte_offset') ?? 0);
  const limit = Number(url.searchParams.get('byte_limit') ?? whole.length);
  return Buffer.from(whole.slice(from, from + limit), 'latin1');
};

const server = createServer(async (request, response) => {
  const { method = 'GET', headers } = request;
  const asked = new URL(request.url ?? '/', upstream);
  const isTrace = TRACE.test(asked.pathname);
  const body = await buffer(request);
  const answer = await fetch(isTrace ? new URL(asked.pathname, upstream) : asked, {
    method,
    headers: passedOn(headers),
    redirect: 'manual',
    ...(body.length > 0 ? { body } : {}),
  });
  const told = Buffer.from(await answer.arrayBuffer());
  response.writeHead(answer.status, passedOn(answer.headers));
  response.end(isTrace && answer.ok ? longer(told, asked) : told);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`longer logs: http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
