import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { skipReason, type Visitor } from './browser-under-test.ts';
import {
  element,
  focusedPart,
  link,
  overflows,
  type ResumeUnderTest,
  setUpResume,
  spoken,
  startButton,
  tabToPart,
  untilWords,
  words,
} from './resume-under-test.ts';

const STORED = 'JSON.stringify(Object.entries(localStorage))';

/** Opens the dialog by keyboard, says no, opens it again and says yes; gives the tab that opens. */
const startByKeyboard = async (t: Test, { page }: Visitor): Promise<Page> => {
  await tabToPart(page, 'action');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Deploy a live demo?' });
  await dialog.getByText('The sample runs were live after').waitFor();
  t.match(await dialog.textContent(), /simulator[\s\S]*sample runs[\s\S]*Nothing[\s\S]*destroyed 3\smin.*new tab/);
  t.equal(await focusedPart(page), 'deploy', 'the dialog takes the focus');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  t.equal(await focusedPart(page), 'action', 'and gives it back');
  await page.keyboard.press('Enter');
  await tabToPart(page, 'cancel');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await page.keyboard.press('Enter');
  await tabToPart(page, 'deploy');
  const [tab] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('Enter')]);
  return tab;
};

/** The tab is the permalink with the controls of the starter, and its address no longer tells the token. */
const seePermalink = async (t: Test, tab: Page, { url }: ResumeUnderTest): Promise<string> => {
  await tab.waitForURL(`${url}/d/*`);
  await tab.getByRole('button', { name: 'Destroy now' }).waitFor();
  t.equal(new URL(tab.url()).hash, '');
  t.equal(await tab.evaluate('window.opener'), null, 'it cannot lead the résumé away');
  return new URL(tab.url()).pathname.replace('/d/', '');
};

const seeOwn = async (t: Test, { page }: Visitor, { url }: ResumeUnderTest, id: string): Promise<void> => {
  await untilWords(page, /^Your demo (waits for a build machine|is being built), ready\s~\d\d:\d\d:\d\d\.$/);
  t.equal(await focusedPart(page), 'action', 'the focus is on what came in the place of the button');
  t.match(await spoken(page), /^Your demo/);
  const href = await link(page, 'Watch it being built').getAttribute('href');
  t.match(href, new RegExp(`^${url}/d/${id}#token=[\\w.%-]{20,}$`));
  await page.reload();
  await untilWords(page, /^Your demo is being built/);
  t.equal(await link(page, 'Watch it being built').getAttribute('href'), href, 'it is still known after a reload');
};

const seeJoin = async (t: Test, { page }: Visitor, { url }: ResumeUnderTest, id: string): Promise<void> => {
  await untilWords(page, /^Busy: a demo is being built, ready\s~/);
  const join = link(page, 'Join and watch (opens in a new tab)');
  t.equal(await join.getAttribute('href'), `${url}/d/${id}`, 'a stranger gets no token');
  t.match(await spoken(page), /^Busy: a demo/);
  const [tab] = await Promise.all([page.waitForEvent('popup'), join.click()]);
  await tab.locator('#heading-words', { hasText: /^(Building|Built|Live)/ }).waitFor();
  t.equal(await tab.getByRole('button', { name: 'Destroy now' }).count(), 0);
  await tab.close();
};

const seeLive = async (t: Test, { page }: Visitor, id: string): Promise<void> => {
  await untilWords(page, /^Live, (\d\smin\s)?\d+\ss left\.$/);
  t.match(await spoken(page), /^Live, /);
  const before = await words(page).textContent();
  await words(page)
    .filter({ hasNotText: String(before) })
    .waitFor();
  t.match(await spoken(page), /^Live, /, 'what ticks is not spoken again');
  const [tab] = await Promise.all([page.waitForEvent('popup'), link(page, 'Open the live demo').click()]);
  await tab.getByText(id).waitFor();
  t.equal(await tab.evaluate('document.referrer'), '', 'it is not told where from');
  await tab.close();
};

const TITLE = 'Given a résumé on another origin, when a demo is started from it, then its whole life is seen there';

t.test(TITLE, { skip: skipReason() }, async (t) => {
  // Half as fast as in the other tests of the browser: there is much to look at while it is being built.
  const underTest = await setUpResume(t, { SIMULATOR_SPEED: '5' });
  const starter = await underTest.read({ viewport: { width: 1100, height: 860 } });
  const { page } = starter;
  t.equal(await words(page).textContent(), 'Ready. Simulated here: nothing real is built.');
  t.equal(await spoken(page), '', 'what stands there at first is read with the page');

  const second = await underTest.read({ viewport: { width: 320, height: 700 }, reducedMotion: 'reduce' });

  const tab = await startByKeyboard(t, starter);
  const id = await seePermalink(t, tab, underTest);
  await seeJoin(t, second, underTest, id);
  await seeOwn(t, starter, underTest, id);
  t.equal(await overflows(second.page), false, '320 pixels are enough');

  for (const visitor of [starter, second]) await seeLive(t, visitor, id);
  t.equal(await overflows(second.page), false);
  t.match(await link(page, 'How it was built').getAttribute('href'), `/d/${id}#token=`);
  t.match(await page.evaluate(STORED), id);

  await tab.getByRole('button', { name: 'Destroy now' }).click();
  await tab.getByRole('button', { name: 'Destroy', exact: true }).click();
  await untilWords(page, 'Being taken down. Free again when it is proven gone.');
  await startButton(page).waitFor();
  t.match(await spoken(page), /^Ready\./);
  await startButton(second.page).waitFor();
  t.equal(await page.evaluate(STORED), '[]', 'the token is dropped with the run');

  const demo = new URL(underTest.url).origin;
  for (const { complaints, origins, context } of [starter, second]) {
    t.strictSame(complaints, []);
    t.strictSame([...origins].toSorted(), [demo, underTest.resume].toSorted(), 'nobody else is asked for anything');
    t.strictSame(await context.cookies(), []);
  }
  t.equal(await element(page).count(), 1);
});
