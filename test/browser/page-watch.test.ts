import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import t from 'tap';
import { CREATED_AT, IDLE } from '../web/page/sample-view.ts';
import { setUpPage, skipReason } from './browser-under-test.ts';
import { BUILDING_VIEW, LIVE_VIEW } from './page-fixtures.ts';
import { type StubApi, stubApi } from './stub-api.ts';

const PATH = `/d/${BUILDING_VIEW.id}`;
const untilHeading = (page: Page, text: string) => page.locator('#heading-words').filter({ hasText: text }).waitFor();

/** The questions for a view, without those for logs and lists. */
const questions = ({ requests }: StubApi) =>
  requests.filter((request) => /\/deployments\/(?:current|[0-9a-f-]{36})$/.test(new URL(request.url()).pathname));

/** Makes the tab believe that it is, or is not, looked at. Browsers under test never hide one. */
const setHidden = (page: Page, isHidden: boolean) =>
  page.evaluate(`(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${isHidden} });
    document.dispatchEvent(new Event('visibilitychange'));
  })()`);

t.test('given a page that watches a run', { skip: skipReason() }, async (t) => {
  const { url, visitor } = await setUpPage(t);

  await t.test(
    'when nothing changes, then one question at a time is held; when it does, it is seen at once',
    async (t) => {
      const { page, context } = await visitor();
      const api = await stubApi(page, { view: BUILDING_VIEW, holdMs: 20_000 });
      await page.goto(`${url}${PATH}`);
      await untilHeading(page, 'Building');
      while (questions(api).length < 2) await delay(20);
      t.match(questions(api)[1]?.headers(), { prefer: 'wait=20', 'if-none-match': /^W\// });
      t.equal(questions(api)[0]?.headers().prefer, undefined, 'whoever has seen nothing does not wait');
      await delay(300);
      t.equal(questions(api).length, 2);
      api.view = LIVE_VIEW;
      await page.locator('#live-link').waitFor();
      t.equal(api.mostOpen, 1);
      await context.close();
    },
  );

  await t.test('when the server says it held and did not, then it is not hammered', async (t) => {
    const { page, context } = await visitor();
    const api = await stubApi(page, { view: BUILDING_VIEW, holdMs: 0 });
    await page.goto(`${url}${PATH}`);
    await untilHeading(page, 'Building');
    const before = questions(api).length;
    await delay(1_000);
    t.ok(questions(api).length - before <= 1, 'one every two seconds');
    await context.close();
  });

  await t.test(
    'when the tab is hidden, then it asks rarely and is not held, and at once when it is seen again',
    async (t) => {
      const { page, context } = await visitor();
      await page.clock.install({ time: CREATED_AT + 60_000 });
      const api = await stubApi(page, { view: BUILDING_VIEW, holdMs: 100 });
      await page.goto(`${url}${PATH}`);
      await untilHeading(page, 'Building');
      await setHidden(page, true);
      await page.clock.runFor(30_000);
      await delay(300);
      const before = questions(api).length;
      await page.clock.runFor(14_000);
      await delay(100);
      await page.clock.runFor(14_000);
      await delay(100);
      const asked = questions(api).slice(before);
      t.ok(asked.length >= 1 && asked.length <= 2, `every 15 seconds, here ${asked.length}`);
      t.ok(asked.every((request) => request.headers().prefer === undefined));
      api.view = LIVE_VIEW;
      await setHidden(page, false);
      await page.locator('#live-link').waitFor();
      await context.close();
    },
  );

  await t.test('when the network goes and comes back, then the page knows at once', async (t) => {
    const { page, context } = await visitor();
    const api = await stubApi(page, { current: IDLE, holdMs: 20_000 });
    await page.goto(url);
    await page.getByRole('button', { name: 'Deploy Live Demo' }).waitFor();
    api.isDown = true;
    await page.evaluate(`dispatchEvent(new Event('offline'))`);
    await page.locator('#connection').waitFor();
    api.isDown = false;
    await page.evaluate(`dispatchEvent(new Event('online'))`);
    await page.locator('#connection').waitFor({ state: 'hidden' });
    const [lost, found] = questions(api)
      .slice(-2)
      .map((request) => request.timing().startTime);
    t.ok(Number(found) >= Number(lost), 'the question after the return was a new one');
    await context.close();
  });

  await t.test('when the server asks for patience, then it is given', async (t) => {
    const { page, context } = await visitor();
    let asked = 0;
    await page.route('**/v1/deployments/current', (route) => {
      asked += 1;
      const body = JSON.stringify({ title: 'Too many requests', status: 429, retry_after_seconds: 30 });
      return route.fulfill({ status: 429, contentType: 'application/problem+json', body });
    });
    await page.clock.install();
    await page.goto(url);
    await page.locator('#connection').waitFor();
    await page.clock.runFor(29_000);
    t.equal(asked, 1);
    await page.clock.runFor(2_000);
    while (asked < 2) await delay(20);
    t.equal(asked, 2);
    await context.close();
  });
});
