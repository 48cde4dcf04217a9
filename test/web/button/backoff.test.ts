import t from 'tap';
import { browserModule } from './browser-module.ts';

interface Refusal {
  readonly status: number;
  readonly body: object;
}

const { backoffMs } = await browserModule<{ backoffMs(failures: number, error: unknown, chance: number): number }>(
  'watch.js',
);
const { Problem } = await browserModule<{ Problem: new (status: number, body: object) => Refusal }>(
  '../page/problem.js',
);
const { refusalWords } = await browserModule<{ refusalWords(error: unknown, now: number): string }>(
  '../page/problem.js',
);

const LOST = new Error('no connection');
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

t.test(
  'given failures in a row, when the next question is put off, then ever longer, spread, and 30 s at most',
  async (t) => {
    const longest = [1, 2, 3, 4, 5, 6, 50].map((failures) => backoffMs(failures, LOST, 1));
    t.same(longest, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    const shortest = [1, 2, 50].map((failures) => backoffMs(failures, LOST, 0));
    t.same(shortest, [500, 1_000, 15_000]);
  },
);

t.test(
  'given a refusal that says when, when the next question is put off, then at least so long, within bounds',
  async (t) => {
    const asked = (seconds: unknown) => backoffMs(1, new Problem(429, { retry_after_seconds: seconds }), 0);
    t.equal(asked(12), 12_000);
    t.equal(asked(86_400), 300_000, 'no server puts it to sleep for a day');
    for (const odd of [undefined, null, -5, 'soon', Number.NaN]) t.equal(asked(odd), 500, String(odd));
  },
);

t.test('given a refused start, when it is told, then why and, where it is known, when again', async (t) => {
  const now = Date.parse('2026-11-24T13:00:00Z');
  const words = (status: number, body: object) => plain(refusalWords(new Problem(status, body), now));
  t.equal(
    words(429, { title: 'Too many requests', retry_after_seconds: 90 }),
    'Too many requests. Try again at 14:01:30, in 1 min 30 s.',
  );
  t.equal(
    words(503, { title: 'Too close to the night', until: '2026-11-24T15:00:00Z', retry_after_seconds: 7200 }),
    'Too close to the night. Try again at 16:00, in 2 h.',
  );
  t.equal(
    words(503, { title: 'Paused', detail: 'Back on Monday.', retry_after_seconds: 3600 }),
    'Paused. Back on Monday.',
    'a polite guess is nobody’s promise',
  );
  t.equal(words(403, {}), 'The server answered with 403.');
  t.equal(refusalWords(LOST, now), 'The server did not answer. Please try again.');
});
