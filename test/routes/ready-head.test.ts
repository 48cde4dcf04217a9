import t from 'tap';
import { LISTED_ORIGIN } from '../fakes/http-app.ts';
import { CURRENT, serveOnSocket } from '../fakes/http-socket.ts';
import { exchangeRaw } from '../fakes/raw-exchange.ts';

const CLOSE = 'Connection: close';

const ask = (version: string, ...lines: readonly string[]): string =>
  [`GET ${CURRENT} HTTP/${version}`, 'Host: a', ...lines, '', ''].join('\r\n');

/** Every answer of a connection as it was written, but for the time, the request's name, and the order of the lines. */
const answersIn = (written: string): readonly unknown[] =>
  written.split(/(?=HTTP\/1\.[01] \d{3} )/).map((answer) => {
    const end = answer.indexOf('\r\n\r\n');
    const [first, ...lines] = answer.slice(0, end).split('\r\n');
    const plain = lines
      .map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase()))
      .map((line) => line.replace(/^date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/, 'date: <time>'))
      .map((line) => line.replace(/^x-request-id: [0-9a-f-]{36}$/, 'x-request-id: <id>'));
    return { first, lines: plain.toSorted(), body: answer.slice(end + 4) };
  });

t.test(
  'Given clients of any kind, When they read a hot view, Then its head is what Node would have written',
  async (t) => {
    const [short, long] = await Promise.all([serveOnSocket(t, true), serveOnSocket(t, false)]);
    for (const { clock, ask: read } of [short, long]) {
      clock.set(Date.parse('2026-11-20T12:00:00Z'));
      await read();
    }
    const etag = String((await short.ask()).headers.etag);
    await long.ask();
    const seen = `If-None-Match: ${etag}`;
    const kinds: Readonly<Record<string, string>> = {
      'one after the other': ask('1.1') + ask('1.1', seen) + ask('1.1') + ask('1.1', CLOSE),
      'of a site that may read':
        ask('1.1', `Origin: ${LISTED_ORIGIN}`, seen) + ask('1.1', `Origin: ${LISTED_ORIGIN}`, CLOSE),
      'of a site that may not': ask('1.1', 'Origin: https://stranger.example') + ask('1.1', CLOSE, seen),
      'HTTP/1.0': ask('1.0'),
      'HTTP/1.0 that has it': ask('1.0', seen),
      'HTTP/1.0 that stays': ask('1.0', 'Connection: keep-alive') + ask('1.0'),
      'HTTP/1.0 that stays and has it': ask('1.0', 'Connection: keep-alive', seen),
    };
    for (const [kind, bytes] of Object.entries(kinds)) {
      const [one, other] = await Promise.all(
        [short, long].map(async ({ port }) => answersIn(await exchangeRaw(port, bytes))),
      );
      t.same(one, other, kind);
      t.match(one, [{ first: /^HTTP\/1\.1 (200 OK|304 Not Modified)$/, lines: [] }], kind);
    }
    t.equal(short.made(), 1, 'the short way was taken');
  },
);

t.test('Given a hot view that is read on and on, When a second passes, Then the date goes on', async (t) => {
  const { ask: read, clock } = await serveOnSocket(t, true);
  await read();
  const dates = [];
  for (const time of ['12:00:00.000', '12:00:00.999', '12:00:01.000']) {
    clock.set(Date.parse(`2026-11-20T${time}Z`));
    dates.push((await read()).headers.date?.slice(-12));
  }
  t.same(dates, ['12:00:00 GMT', '12:00:00 GMT', '12:00:01 GMT']);
});
