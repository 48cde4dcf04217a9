import fc from 'fast-check';
import t from 'tap';
import { waitSecondsOf } from '../../src/routes/prefer.ts';

t.test('Given a wait in any form that RFC 7240 allows, When it is read, Then it is found', async (t) => {
  const cases: [string, number][] = [
    ['wait=20', 20],
    ['Wait=20', 20],
    ['WAIT = 20', 20],
    ['  wait\t=\t20  ', 20],
    ['wait="20"', 20],
    ['wait="\\2\\0"', 20],
    ['wait=020', 20],
    ['respond-async, wait=10', 10],
    ['respond-async;foo=bar, wait=10;x="a,b;c";;y, return=minimal', 10],
    ['return="a, wait=3", wait=4', 4],
    ['return="a \\", wait=3", wait=4', 4],
    [',, wait=7,', 7],
    ['wait=7, wait=20', 7],
    ['=, "x", {}, wait=7', 7],
    ['wait=1', 1],
    ['wait=24', 24],
    ['wait=25', 25],
    ['wait=26', 25],
    [`wait=${'9'.repeat(400)}`, 25],
  ];
  for (const [header, seconds] of cases) t.equal(waitSecondsOf(header), seconds, header.slice(0, 80));
});

t.test('Given what is no wait, When it is read, Then it is ignored', async (t) => {
  const headers = [
    ...['', ' ', ',', ';', '=', '"', 'wait', 'wait=', 'wait=""', 'wait=0', 'wait=00', 'wait=-5', 'wait=+5', 'wait=1.5'],
    ...['wait=1e1', 'wait=0x10', 'wait=5s', 'wait=five', 'wait=5 6', 'wait 5', 'wait="5', 'wait=5"', 'wait="5"6'],
    ...['waits=5', 'x-wait=5', 'wait;=5', 'wait;x=5', '"wait=5"', 'return="wait=5"', 'x=y wait=5', 'wait=\u0665'],
    ...['wait=x, wait=5', 'wait, wait=5', 'return=minimal; wait=5', '__proto__=5', 'wait=5\u0000'],
  ];
  for (const header of headers) t.equal(waitSecondsOf(header), 0, JSON.stringify(header));
  t.equal(waitSecondsOf(undefined), 0);
});

t.test('Given any text, When it is read, Then it is a number of seconds from 0 to 25', async (t) => {
  const piece = fc.oneof(fc.constantFrom('wait', '=', '"', '\\', ',', ';', '5', '99', ' ', 'x'), fc.string());
  const isInRange = (text: string): boolean => {
    const seconds = waitSecondsOf(text);
    return Number.isInteger(seconds) && seconds >= 0 && seconds <= 25;
  };
  fc.assert(
    fc.property(
      fc.array(piece).map((pieces) => pieces.join('')),
      isInRange,
    ),
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1_000 }),
      (seconds) => waitSecondsOf(`wait=${seconds}`) === Math.min(seconds, 25),
    ),
  );
  t.pass('held for every text');
});

t.test('Given the longest header that Node takes, When it is all traps, Then it is read in no time', async (t) => {
  for (const trap of ['"', '\\', ',', ';', '=', ' ', 'a', '",', 'wait="', 'a=', '\t=']) {
    const header = trap.repeat(16_384 / trap.length);
    const startedAt = performance.now();
    waitSecondsOf(header);
    t.ok(performance.now() - startedAt < 500, trap);
  }
});
