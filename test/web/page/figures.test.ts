import t from 'tap';
import { browserModule } from './browser-module.ts';

interface Figures {
  durationWords(seconds: number): string;
  spanWords(fromSeconds: number, toSeconds: number): string;
  clockWords(at: number, now: number, withSeconds?: boolean): string;
  moneyWords(usd: number, isNothing?: boolean): string;
  instantOf(text: string | null): number | null;
}

const figures = await browserModule<Figures>('figures.js');
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

t.test('given a duration, when it is put into words, then seconds are said only where they matter', async (t) => {
  const cases: readonly (readonly [number, string])[] = [
    [-5, '0 s'],
    [0, '0 s'],
    [59.4, '59 s'],
    [59.6, '1 min'],
    [60, '1 min'],
    [200, '3 min 20 s'],
    [599, '9 min 59 s'],
    [600, '10 min'],
    [659, '10 min'],
    [3_599, '59 min'],
    [3_600, '1 h'],
    [3_900, '1 h 5 min'],
    [14_400, '4 h'],
  ];
  for (const [seconds, words] of cases) t.equal(plain(figures.durationWords(seconds)), words, `${seconds} seconds`);
});

t.test('given a duration, when it is put into words, then no line can break inside it', async (t) => {
  t.notMatch(figures.durationWords(200), / /);
});

t.test('given two durations, when they read the same, then one of them is said', async (t) => {
  t.equal(plain(figures.spanWords(80, 105)), '1 min 20 s to 1 min 45 s');
  t.equal(plain(figures.spanWords(720, 730)), '12 min');
});

t.test('given an instant, when it is today in the reader’s zone, then only the time is said', async (t) => {
  const at = Date.parse('2026-11-24T13:02:03.000Z');
  t.equal(figures.clockWords(at, at + 1), '14:02');
  t.equal(figures.clockWords(at, at + 1, true), '14:02:03');
  t.equal(figures.clockWords(at, at + 24 * 3_600_000), '24 Nov, 14:02');
});

t.test('given the last second before midnight in the reader’s zone, then the next one is another day', async (t) => {
  const lastSecond = Date.parse('2026-11-24T22:59:59.000Z');
  t.equal(figures.clockWords(lastSecond, lastSecond), '23:59');
  t.equal(figures.clockWords(lastSecond, lastSecond + 1_000), '24 Nov, 23:59');
});

t.test('given a cost, when it rounds to nothing, then it is below a cent unless nothing was spent', async (t) => {
  t.equal(figures.moneyWords(0.24), '$0.24');
  t.equal(figures.moneyWords(0.005), '$0.01');
  t.equal(figures.moneyWords(0.0049), 'less than $0.01');
  t.equal(figures.moneyWords(0), 'less than $0.01');
  t.equal(figures.moneyWords(0, true), '$0.00');
});

t.test('given an instant of the API, when it is read, then null stays null', async (t) => {
  t.equal(figures.instantOf('1970-01-01T00:00:01.000Z'), 1_000);
  t.equal(figures.instantOf(null), null);
});
