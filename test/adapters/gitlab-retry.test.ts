import t from 'tap';
import { errorCode } from '../../src/adapters/error-code.ts';
import type { GitlabAnswer } from '../../src/adapters/gitlab-exchange.ts';
import { GitlabFailure } from '../../src/adapters/gitlab-failure.ts';
import { retryAfterMs, retryDelayMs } from '../../src/adapters/gitlab-retry.ts';

const NOW = Date.parse('2026-11-20T09:00:00Z');

const answer = (status: number, headers: Record<string, string> = {}): GitlabAnswer => ({
  status,
  headers,
  bytes: new Uint8Array(),
  isCut: false,
  isForeign: false,
});

const delayOf = (outcome: GitlabAnswer | GitlabFailure, tries = 1, elapsedMs = 0, dice = 1): number | null =>
  retryDelayMs({ tries, elapsedMs, outcome }, NOW, () => dice);

t.test('Given Retry-After in seconds or as a date, when it is read, then both mean a time from now', async (t) => {
  t.equal(retryAfterMs(answer(429, { 'retry-after': '37' }), NOW), 37_000);
  t.equal(retryAfterMs(answer(429, { 'retry-after': 'Fri, 20 Nov 2026 09:01:00 GMT' }), NOW), 60_000);
  t.equal(retryAfterMs(answer(429, { 'retry-after': 'Fri, 20 Nov 2026 08:00:00 GMT' }), NOW), 0);
  t.equal(retryAfterMs(answer(429, { 'retry-after': 'soon' }), NOW), null);
  t.equal(retryAfterMs(answer(429), NOW), null);
});

t.test('Given a definite answer or a request that was never sent, then it is not repeated', async (t) => {
  for (const status of [200, 201, 301, 400, 401, 403, 404, 409, 422])
    t.equal(delayOf(answer(status)), null, `${status}`);
  t.equal(delayOf(new GitlabFailure('not_sent', 'x')), null);
  t.equal(delayOf(new GitlabFailure('unauthorized', 'x')), null);
});

t.test('Given no answer, then the wait doubles, is half chance, and ends after the third try', async (t) => {
  const lost = new GitlabFailure('no_answer', 'x');
  t.equal(delayOf(lost, 1), 500);
  t.equal(delayOf(lost, 1, 0, 0), 250);
  t.equal(delayOf(lost, 2), 1_000);
  t.equal(delayOf(lost, 3), null);
});

t.test('Given a limit without Retry-After, then the wait is longer', async (t) => {
  t.equal(delayOf(answer(429), 1, 0, 0), 2_500);
  t.equal(delayOf(answer(429)), 5_000);
});

t.test('Given a wait beyond ten seconds or a call beyond twenty, then nobody waits', async (t) => {
  t.equal(delayOf(answer(503, { 'retry-after': '10' }), 1, 0, 0), 10_000);
  t.equal(delayOf(answer(503, { 'retry-after': '10' }), 1, 0, 0.01), null);
  t.equal(delayOf(answer(503), 1, 19_500), 500);
  t.equal(delayOf(answer(503), 1, 19_501), null);
});

t.test('Given any error, when its code is taken, then it is one plain word', async (t) => {
  t.equal(errorCode(Object.assign(new Error('x'), { code: 'ECONNRESET' })), 'ECONNRESET');
  t.equal(errorCode(new TypeError('x')), 'TypeError');
  t.equal(errorCode(Object.assign(new Error('x'), { code: 'two words' })), 'unknown');
  t.equal(errorCode(Object.assign(new Error('x'), { code: 7 })), 'Error');
  t.equal(errorCode('x'), 'unknown');
});
