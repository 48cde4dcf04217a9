import type { Page } from 'playwright-core';
import t from 'tap';
import { setUpRestartable, skipReason } from './browser-under-test.ts';

/** A slow browser may come to look at it when it is built already. */
const ON_ITS_WAY = /^(?:Buil|Live)/;

const untilHeading = (page: Page, text: string | RegExp) =>
  page.locator('#heading-words').filter({ hasText: text }).waitFor();
const connection = (page: Page) => page.locator('#connection');

t.test('given a run in the middle of its way', { skip: skipReason() }, async (t) => {
  const { url, visitor, stop, start } = await setUpRestartable(t);
  const { page, context, origins } = await visitor();
  await page.goto(url);
  await page.getByRole('button', { name: 'Deploy Live Demo' }).click();
  await page.getByRole('button', { name: 'Deploy', exact: true }).click();
  await untilHeading(page, 'Building');
  const permalink = page.url();

  await t.test('when the page is loaded again, then its starter still is the starter', async (t) => {
    await page.reload();
    await untilHeading(page, ON_ITS_WAY);
    await page.getByRole('button', { name: 'Destroy now' }).waitFor();
    await page.locator('.log-line').first().waitFor();
    t.match(await page.locator('.picture-caption').textContent(), /resources|light up/);
  });

  await t.test('when another opens the permalink on a phone, then he watches and no more', async (t) => {
    const guest = await visitor({ viewport: { width: 320, height: 640 } });
    await guest.page.goto(permalink);
    await untilHeading(guest.page, ON_ITS_WAY);
    t.equal(await guest.page.getByRole('button', { name: 'Destroy now' }).count(), 0);
    await guest.context.close();
  });

  await t.test('when the server stops and comes back, and the network too, then the page finds its way', async (t) => {
    await stop();
    await connection(page).waitFor();
    t.match(await page.locator('#heading-words').textContent(), ON_ITS_WAY, 'what was known is still shown');
    await context.setOffline(true);
    await start();
    await connection(page).waitFor();
    await context.setOffline(false);
    await connection(page).waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: 'Open the live demo' }).waitFor({ timeout: 40_000 });
    await page.locator('.log-line', { hasText: 'Apply complete!' }).first().waitFor();
    t.match(await page.locator('.picture-caption').textContent(), /^All \d+ resources exist\.$/);
    t.strictSame([...origins], [new URL(url).origin]);
  });
});
