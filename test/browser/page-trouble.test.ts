import type { Page } from 'playwright-core';
import t from 'tap';
import { isFocused, passUntil, setUp, skipReason } from './browser-under-test.ts';

const UNKNOWN_ID = '01900000-0000-7000-8000-ffffffffffff';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

t.test('given a page in a browser', { skip: skipReason() }, async (t) => {
  const { url, visitor } = await setUp(t);

  await t.test('when it is opened for the first time, then 60 kB are transferred at most', async (t) => {
    const { page, context } = await visitor();
    const debuggee = await context.newCDPSession(page);
    await debuggee.send('Network.enable');
    let bytes = 0;
    let files = 0;
    // With the headers, as they come over the line. What is held until something changes is not of the first paint.
    debuggee.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
      files += 1;
    });
    await page.goto(url);
    await button(page, 'Deploy Live Demo').waitFor();
    await page.locator('.run').first().waitFor();
    await page.waitForTimeout(500);
    t.comment(`${bytes} bytes in ${files} answers`);
    t.ok(files > 20 && bytes > 20_000, 'it was measured');
    t.ok(bytes <= 60 * 1_024, `${bytes} bytes`);
    await context.close();
  });

  await t.test('when nobody has a run of that id, then the page says so and offers a new one', async (t) => {
    const { page } = await visitor();
    await page.goto(`${url}/d/${UNKNOWN_ID}`);
    await button(page, 'Deploy Live Demo').waitFor();
    t.equal(await page.locator('#heading-words').textContent(), 'There is no such run');
    t.match(await page.title(), /^No such run/);
    t.equal(await page.locator('#receipt').isVisible(), false);
  });

  await t.test('when a start is refused, then the page says why and when, and takes the focus there', async (t) => {
    const { page } = await visitor();
    const problem = { title: 'Too many requests', status: 429, retry_after_seconds: 90 };
    await page.route('**/v1/deployments', (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({ status: 429, contentType: 'application/problem+json', body: JSON.stringify(problem) })
        : route.fallback(),
    );
    await page.goto(url);
    await button(page, 'Deploy Live Demo').click();
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    const notice = page.locator('#notice');
    await notice.waitFor();
    t.match(await notice.textContent(), /^Too many requests\. Try again at \d\d:\d\d:\d\d, in 1\smin\s30\ss\.$/);
    t.equal(await isFocused(page, '#notice'), true);
    await button(page, 'Deploy Live Demo').waitFor();
  });

  await t.test('when the answer to a start is lost, then it is asked for again with the same key', async (t) => {
    const { page } = await visitor();
    await page.clock.install();
    const keys: (string | null)[] = [];
    await page.route('**/v1/deployments', async (route) => {
      if (route.request().method() !== 'POST') return route.fallback();
      keys.push(await route.request().headerValue('idempotency-key'));
      return route.abort('connectionreset');
    });
    await page.goto(url);
    await button(page, 'Deploy Live Demo').click();
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    await passUntil(page, page.locator('#notice', { hasText: 'The server did not answer' }));
    t.equal(keys.length, 3);
    t.equal(new Set(keys).size, 1);
    t.match(keys[0], /^[0-9a-f-]{16,}$/);
  });

  await t.test('when the connection is lost, then the page says so until it is back', async (t) => {
    const { page, context } = await visitor();
    await page.goto(url);
    await button(page, 'Deploy Live Demo').waitFor();
    const banner = page.getByText('Connection lost, trying again');
    await context.setOffline(true);
    await banner.waitFor();
    t.equal(await page.locator('#announcer').textContent(), 'Connection lost.');
    await context.setOffline(false);
    await banner.waitFor({ state: 'hidden' });
    t.equal(await page.locator('#heading-words').textContent(), 'Nothing is running');
  });

  await t.test('when there is no JavaScript, then the page leads to the ledger', async (t) => {
    const { page } = await visitor({ javaScriptEnabled: false });
    await page.goto(url);
    await page.getByRole('link', { name: 'the ledger, as JSON' }).waitFor();
    t.equal(await page.getByRole('button').count(), 0, 'nothing is offered that cannot work');
  });
});
