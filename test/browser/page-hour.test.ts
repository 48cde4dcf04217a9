import { setTimeout as delay } from 'node:timers/promises';
import type { CDPSession } from 'playwright-core';
import t from 'tap';
import { CREATED_AT } from '../web/page/sample-view.ts';
import { setUpPage, skipReason } from './browser-under-test.ts';
import { BUILDING_VIEW, ENTRIES } from './page-fixtures.ts';
import { stubApi } from './stub-api.ts';

/** A minute each; answers, which need real time, come between. */
const STEPS = 60;
const STEP_MS = 60_000;
const LINES = 10_000;
const MOST_HEAP_BYTES = 50 * 1024 * 1024;
/**
 * What one second of the page may cost, and so more than any one task of it: time of the processor, because the machine
 * of the tests may be busy with others.
 */
const MOST_BUSY_SECONDS = 0.2;

/** What the page has cost so far. */
const measure = async (debuggee: CDPSession): Promise<(name: string) => number> => {
  const { metrics } = await debuggee.send('Performance.getMetrics');
  return (name) => metrics.find((found) => found.name === name)?.value ?? Number.POSITIVE_INFINITY;
};

const lineAt = (index: number): string =>
  `\u001b[0m\u001b[1mmodule.app.aws_lb.web[${index % 700}]: Still creating... [${index} elapsed, id=[MASKED]]\u001b[0m`;

/** On the page's clock a minute passes in no time, and no answer comes before its question is given up. */
const PATIENCE = 'AbortSignal.timeout = () => new AbortController().signal';

const linesFrom = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => lineAt(from + index));

const title = 'given a tab that is held for an hour, when ten thousand lines come, then it stays small and smooth';

t.test(title, { skip: skipReason() }, async (t) => {
  const { url, visitor } = await setUpPage(t);
  const { page, context, complaints } = await visitor();
  // Half of them are there when the page is opened, and come as fast as it can take them.
  const job = { id: 1, name: 'apply', lines: linesFrom(0, LINES / 2), isComplete: false };
  await page.addInitScript(PATIENCE);
  await page.clock.install({ time: CREATED_AT + 60_000 });
  await stubApi(page, { view: BUILDING_VIEW, entries: [...ENTRIES], jobs: [job], holdMs: 10 });
  const debuggee = await context.newCDPSession(page);
  await debuggee.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(`${url}/d/${BUILDING_VIEW.id}`);
  await page.locator('#heading-words', { hasText: 'Building' }).waitFor();
  await page.clock.runFor(5_000);
  await page.locator('.log-line', { hasText: `[${LINES / 2 - 1} elapsed` }).waitFor();
  const busySeconds: number[] = [];
  const taskSeconds = async () => (await measure(debuggee))('TaskDuration');
  for (let step = 1; step <= STEPS; step += 1) {
    job.lines.push(...linesFrom(job.lines.length, Math.ceil((LINES / 2) * (1 + step / STEPS))));
    await page.clock.runFor(STEP_MS);
    await delay(50);
    // A second by itself: its tick, and the lines that have just come.
    const before = await taskSeconds();
    await page.clock.runFor(1_000);
    busySeconds.push((await taskSeconds()) - before);
  }
  await page.clock.runFor(10_000);
  await page.locator('.log-line', { hasText: `[${LINES - 1} elapsed` }).waitFor();
  t.ok((await page.locator('.log-line').count()) <= 2_000, 'the log is bounded');
  t.match(await page.locator('#elapsed').textContent(), /^1\sh/, 'an hour has passed');

  await debuggee.send('HeapProfiler.collectGarbage');
  const metric = await measure(debuggee);
  const heapBytes = metric('JSHeapUsedSize');
  t.comment(`heap ${(heapBytes / 1024 / 1024).toFixed(1)} MB, ${metric('Nodes')} nodes`);
  t.ok(heapBytes < MOST_HEAP_BYTES);
  t.ok(metric('Nodes') < 20_000);
  const most = Math.max(...busySeconds);
  t.comment(`the busiest of ${busySeconds.length} seconds took ${(most * 1_000).toFixed(0)} ms`);
  t.ok(most > 0, 'it was measured');
  t.ok(most < MOST_BUSY_SECONDS, `${most} s`);
  t.strictSame(complaints, []);
});
