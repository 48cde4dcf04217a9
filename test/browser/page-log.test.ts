import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import t from 'tap';
import { isFocused, setUpPage, skipReason } from './browser-under-test.ts';
import { BUILDING_VIEW, LIVE_VIEW } from './page-fixtures.ts';
import { stubApi } from './stub-api.ts';

const PATH = `/d/${BUILDING_VIEW.id}`;
const HOSTILE = [
  '<script>globalThis.hacked = 1</script><img src=x onerror="globalThis.hacked = 1">',
  '<a href="javascript:globalThis.hacked = 1">press me</a>',
  '\u001b]8;;javascript:globalThis.hacked=1\u0007a hyperlink of the terminal\u001b]8;;\u0007',
  'https://evil.example/ is text, too',
  'user\u202Egnp.exe\u2066 and \u200b hidden',
  `${'w'.repeat(16_384)}`,
  '\u001b[31m'.repeat(2_000),
  '\u0000\u0007\u0008\u001b[2J\u001b[1;1H\u009b31mcontrols\u001b]0;title\u0007',
  '&lt;b&gt; &amp; {{simulated}}',
];

const IS_AT_END = `(({ scrollTop, scrollHeight, clientHeight }) => scrollHeight - scrollTop - clientHeight < 2)(document.querySelector('.log-box'))`;

const readDownload = async (page: Page): Promise<string> => {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('#log').getByRole('button', { name: 'Download' }).click(),
  ]);
  return readFileSync(await download.path(), 'utf8');
};

t.test('given a log', { skip: skipReason() }, async (t) => {
  const { url, visitor } = await setUpPage(t);

  await t.test('when it is paused, then new lines are counted, and the end is one press away', async (t) => {
    const { page, context } = await visitor();
    const job = { id: 1, name: 'apply', lines: ['the first line'], isComplete: false };
    await stubApi(page, { view: BUILDING_VIEW, jobs: [job], holdMs: 20_000 });
    await page.goto(`${url}${PATH}`);
    const log = page.locator('#log');
    await log.getByText('the first line').waitFor();
    await log.getByRole('button', { name: 'Pause' }).click();
    job.lines.push(...Array.from({ length: 37 }, (_, index) => `line ${index}`));
    const jump = log.getByRole('button', { name: '37 new lines – jump to the end' });
    await jump.waitFor();
    t.equal(await log.locator('.log-line').count(), 1, 'what is read stays where it is');
    await jump.press('Enter');
    await log.getByText('line 36').waitFor();
    t.equal(await isFocused(page, '.log-box'), true);
    t.equal(await page.evaluate(IS_AT_END), true);
    await page.keyboard.press('Home');
    await log.getByRole('button', { name: 'Follow' }).waitFor();
    await context.close();
  });

  await t.test('when the screen is turned, then it is still followed', async (t) => {
    const { page, context } = await visitor();
    const lines = Array.from({ length: 300 }, (_, index) => `line ${index} ${'of many words '.repeat(12)}`);
    const job = { id: 1, name: 'apply', lines, isComplete: false };
    await stubApi(page, { view: BUILDING_VIEW, jobs: [job], holdMs: 20_000 });
    await page.goto(`${url}${PATH}`);
    await page.locator('.log-line:last-child', { hasText: 'line 299' }).waitFor();
    for (const width of [320, 700, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      await page.waitForFunction(`${IS_AT_END} && innerWidth === ${width}`);
    }
    t.equal(await page.locator('#log').getByRole('button', { name: 'Pause the log' }).count(), 1);
    t.equal(await page.locator('#log').getByRole('button', { name: 'jump to the end' }).isVisible(), false);
    await context.close();
  });

  await t.test('when it is hostile, then it is shown, and does nothing', async (t) => {
    const { page, context, complaints, origins } = await visitor();
    const job = { id: 1, name: 'apply', lines: [...HOSTILE, 'the end'], isComplete: false };
    await stubApi(page, { view: BUILDING_VIEW, jobs: [job], pipelineUrl: 'javascript:globalThis.hacked=1' });
    await page.goto(`${url}${PATH}`);
    await page.locator('.log-line', { hasText: 'the end' }).waitFor();
    const shown = await page.locator('.log-line').allTextContents();
    t.equal(shown[0], HOSTILE[0], 'markup is text');
    t.equal(shown[2], 'a hyperlink of the terminal');
    t.equal(shown[4], 'user[U+202E]gnp.exe[U+2066] and [U+200B] hidden', 'what deceives the eye is named');
    t.match(shown[5], /^w{4000} … \(12384 more characters\)$/);
    t.equal(shown[7], 'controls');
    t.equal(shown[8], HOSTILE[8]);
    t.equal(await page.locator('.log-box :is(a, img, script, [style], [onerror])').count(), 0);
    t.equal(await page.evaluate('globalThis.hacked'), undefined);
    t.equal(await page.locator('#pipeline-link').isVisible(), false, 'an address that is none of the web is no link');
    t.equal(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), false);
    t.strictSame(complaints, []);
    t.strictSame([...origins], [new URL(url).origin]);
    await context.close();
  });

  await t.test('when it is downloaded, then it is all of it, as plain text', async (t) => {
    const { page, context } = await visitor();
    const lines = Array.from({ length: 3_500 }, (_, index) => `\u001b[32mline ${index}\u001b[0m`);
    const api = await stubApi(page, {
      view: LIVE_VIEW,
      jobs: [
        { id: 1, name: 'plan', lines: ['planned'], isComplete: true },
        { id: 2, name: 'apply', lines, isComplete: true },
      ],
    });
    await page.goto(`${url}${PATH}`);
    // Only the last line is looked at: to search all of them again and again would take the time in which they are drawn.
    await page.locator('.log-line:last-child', { hasText: 'line 3499' }).waitFor();
    t.ok((await page.locator('.log-line').count()) <= 2_000, 'the page itself keeps a part of it');
    await page.getByText('Earlier lines are no longer shown here.').waitFor();
    const whole = await readDownload(page);
    t.equal(whole.split('\n').length, 3_504);
    t.match(whole, /^== Plan ==\nplanned\n== Build ==\nline 0\nline 1\n/);
    api.isDown = true;
    const part = await readDownload(page);
    t.match(part, /line 3498\nline 3499\n$/, 'and without the server, what is shown');
    await context.close();
  });

  await t.test('when the link of the demo is hostile, then it is never one', async (t) => {
    const { page, context } = await visitor();
    const api = await stubApi(page, { view: { ...LIVE_VIEW, live_url: 'javascript:globalThis.hacked=1' } });
    await page.goto(`${url}${PATH}`);
    await page.locator('#countdown').waitFor();
    t.equal(await page.locator('#live-link').isVisible(), false);
    t.equal(await page.locator('[href^="javascript:" i]').count(), 0);
    api.view = LIVE_VIEW;
    await page.locator('#live-link').waitFor();
    t.equal(await page.locator('#live-link').getAttribute('href'), LIVE_VIEW.live_url);
    t.match(await page.locator('#live-link').getAttribute('rel'), /noopener noreferrer/);
    await context.close();
  });
});
