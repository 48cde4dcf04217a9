import t from 'tap';
import { browserModule } from './browser-module.ts';

interface Refusal {
  readonly status: number;
  readonly body: object;
}

const { Problem } = await browserModule<{ Problem: new (status: number, body: object) => Refusal }>('problem.js');
const { refusalWords } = await browserModule<{ refusalWords(error: unknown, now: number): string }>('problem.js');

const LOST = new Error('no connection');
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

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
