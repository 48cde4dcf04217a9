import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import t from 'tap';
import { CREATED_AT, runView } from '../web/page/sample-view.ts';
import { isFocused, setUpPage, skipReason } from './browser-under-test.ts';
import { BUILDING_VIEW, DESTROYING, GONE_VIEW, LIVE_VIEW } from './page-fixtures.ts';
import { stubApi } from './stub-api.ts';

const PATH = `/d/${BUILDING_VIEW.id}`;
const NOW = CREATED_AT + 6 * 60_000;
const untilHeading = (page: Page, text: string) => page.locator('#heading-words').filter({ hasText: text }).waitFor();

/** Lets time pass on the page's clock; answers need real time, so it comes in parts. */
const pass = async (page: Page, seconds: number): Promise<void> => {
  for (let passed = 0; passed < seconds; passed += 3) {
    await page.clock.runFor(3_000);
    await delay(60);
  }
};

/** Keeps what the page would have shown outside itself, and how often it asked whether it may. */
const NOTIFICATIONS = (permission: string) => `
  globalThis.asked = 0;
  globalThis.notified = [];
  globalThis.Notification = class extends EventTarget {
    static permission = 'default';
    static async requestPermission() { globalThis.asked += 1; return '${permission}'; }
    constructor(title, { body }) { super(); globalThis.notified.push(title + ': ' + body); }
    close() {}
  };`;

/** Keeps everything that the live region says. */
const LISTEN = `addEventListener('DOMContentLoaded', () => {
  globalThis.heard = [];
  const region = document.getElementById('announcer');
  new MutationObserver(() => globalThis.heard.push(region.textContent))
    .observe(region, { childList: true, characterData: true, subtree: true });
})`;

t.test('given a page that has something to tell', { skip: skipReason() }, async (t) => {
  const { url, visitor } = await setUpPage(t);

  await t.test('when a visitor wants to be told, then he is asked once, and told once when it is ready', async (t) => {
    const { page, context } = await visitor();
    await page.addInitScript(NOTIFICATIONS('granted'));
    const api = await stubApi(page, { view: BUILDING_VIEW, holdMs: 20_000 });
    await page.goto(`${url}${PATH}`);
    const button = page.getByRole('button', { name: 'Tell me when it is ready' });
    await button.waitFor();
    t.equal(await page.evaluate('asked'), 0, 'nobody is asked without a press');
    await button.press('Enter');
    await page.getByText('You will be told').waitFor();
    t.equal(await page.evaluate('asked'), 1);
    t.equal(await isFocused(page, '#heading'), true, 'the focus is not lost with the button');
    api.view = LIVE_VIEW;
    await page.locator('#live-link').waitFor();
    api.view = { ...LIVE_VIEW, expires_at: LIVE_VIEW.max_expires_at };
    await page.locator('#extend').waitFor({ state: 'hidden' });
    t.strictSame(await page.evaluate('notified'), ['The live demo is ready: It answers. Come and open it.']);
    await context.close();
  });

  await t.test('when a visitor refuses, or asks for nothing, then nothing is shown outside the page', async (t) => {
    const { page, context } = await visitor();
    await page.addInitScript(NOTIFICATIONS('denied'));
    const api = await stubApi(page, { view: BUILDING_VIEW, holdMs: 20_000 });
    await page.goto(`${url}${PATH}`);
    await page.getByRole('button', { name: 'Tell me when it is ready' }).click();
    await page.getByText('does not let this page notify you').waitFor();
    api.view = LIVE_VIEW;
    await page.locator('#live-link').waitFor();
    t.strictSame(await page.evaluate('notified'), []);
    await context.close();
  });

  await t.test('when a run goes through its life, then each change is spoken once, and no tick is', async (t) => {
    const { page, context } = await visitor();
    await page.addInitScript(LISTEN);
    await page.clock.install({ time: NOW });
    const queued = runView({ status: 'queued', reason: 'waiting_for_runner' });
    const api = await stubApi(page, { view: queued, current: GONE_VIEW, holdMs: 10 });
    await page.goto(`${url}${PATH}`);
    await untilHeading(page, 'Waiting for a build machine');
    api.view = BUILDING_VIEW;
    await pass(page, 3);
    await untilHeading(page, 'Building');
    const percent = await page.locator('#percent').textContent();
    await pass(page, 60);
    t.not(await page.locator('#percent').textContent(), percent, 'it ticks');
    api.view = LIVE_VIEW;
    await pass(page, 3);
    await page.locator('#live-link').waitFor();
    await pass(page, 60);
    api.view = DESTROYING;
    await pass(page, 3);
    await untilHeading(page, 'Taking it down');
    await pass(page, 30);
    api.view = GONE_VIEW;
    await pass(page, 3);
    await untilHeading(page, 'Gone, and proven so');
    t.strictSame(await page.evaluate('heard'), [
      'Building. Build is running.',
      'Live.',
      'Taking it down. Destroy is running.',
      'Gone, and proven so.',
    ]);
    await context.close();
  });

  await t.test('when the tab is not looked at, then its title and icon tell the state', async (t) => {
    const { page, context } = await visitor();
    await page.clock.setFixedTime(NOW);
    const api = await stubApi(page, { view: BUILDING_VIEW, holdMs: 20_000 });
    await page.goto(`${url}${PATH}`);
    await untilHeading(page, 'Building');
    const icon = async () => page.locator('#icon').getAttribute('href');
    t.match(await page.title(), /^\d+\s%, 7\smin – Building – Live demo$/);
    t.equal(await icon(), '/assets/icon-busy.svg');
    api.view = LIVE_VIEW;
    await page.locator('#live-link').waitFor();
    t.match(await page.title(), /^Live, 1\sh\s7\smin left – Live demo$/);
    t.equal(await icon(), '/assets/icon-live.svg');
    api.view = { ...LIVE_VIEW, reason: 'link_not_answering', live_url: null };
    await untilHeading(page, 'its link does not answer');
    t.equal(await icon(), '/assets/icon-trouble.svg');
    t.equal(await page.locator('#live-link').isVisible(), false, 'a dead link is no link');
    await context.close();
  });

  await t.test('when the link is copied, then it is the permanent one, without the token', async (t) => {
    const { page, context } = await visitor({ permissions: ['clipboard-read', 'clipboard-write'] });
    await stubApi(page, { view: LIVE_VIEW });
    await page.goto(`${url}${PATH}#token=a-secret-token`);
    await page.getByRole('button', { name: 'Destroy now' }).waitFor();
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByRole('button', { name: 'Link copied' }).waitFor();
    t.equal(await page.evaluate('navigator.clipboard.readText()'), `${url}${PATH}`);
    await context.close();
  });
});
