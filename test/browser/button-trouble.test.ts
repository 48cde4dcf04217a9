import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { runView } from '../web/page/sample-view.ts';
import { passUntil, skipReason } from './browser-under-test.ts';
import { answerStart, countQuestions, press, setHidden } from './button-actions.ts';
import {
  answerWith,
  CURRENT,
  element,
  focusedPart,
  link,
  seriousViolations,
  setUpResume,
  spoken,
  startButton,
  untilWords,
  words,
} from './resume-under-test.ts';

t.test('given a button on a résumé', { skip: skipReason() }, async (t) => {
  const underTest = await setUpResume(t);
  const { url, resume, read } = underTest;

  await t.test('when the owner pauses demos, then it says so in his words until he goes on', async (t) => {
    const { page, complaints } = await read();
    await underTest.pause('Back on Monday <b>morning</b>.');
    await untilWords(page, 'Demos are paused by the owner. Back on Monday <b>morning</b>.');
    t.match(await spoken(page), /^Demos are paused/);
    t.equal(await startButton(page).isVisible(), false);
    t.equal(await link(page, 'See earlier demos').getAttribute('href'), `${url}/`);
    t.strictSame(await seriousViolations(page), []);
    await underTest.pause(null);
    await startButton(page).waitFor();
    t.strictSame(complaints, []);
  });

  await t.test('when the connection is lost, then its link still leads to the page, and it comes back', async (t) => {
    const { page, context } = await read();
    await context.setOffline(true);
    await untilWords(page, 'The demo server does not answer. Trying again.');
    t.equal(await link(page, 'Open the demo page').getAttribute('href'), `${url}/`);
    t.match(await spoken(page), /does not answer/);
    t.strictSame(await seriousViolations(page), []);
    await context.setOffline(false);
    await startButton(page).waitFor();
  });

  await t.test('when a single answer fails, then it asks again and says nothing', async (t) => {
    const { page } = await read();
    let failures = 0;
    await page.route(CURRENT, (route) => {
      failures += 1;
      return failures === 1 ? route.abort('connectionreset') : route.fallback();
    });
    await setHidden(page, false);
    await page.waitForResponse(CURRENT);
    t.ok(failures >= 2);
    t.match(await words(page).textContent(), /^Ready/);
    t.equal(await spoken(page), '');
  });

  await t.test('when the tab is put away, then it asks nothing, and looks at once when it is back', async (t) => {
    const { page } = await underTest.visitor();
    await page.clock.install();
    const seen = countQuestions(page);
    await page.goto(resume);
    await startButton(page).waitFor();
    await setHidden(page, true);
    while (seen.open > 0) await delay(20);
    const before = seen.sent;
    await underTest.pause('While you were away.');
    await page.clock.runFor(120_000);
    await delay(200);
    t.equal(seen.sent, before);
    t.equal(seen.open, 0, 'and leaves no question open');
    t.match(await words(page).textContent(), /^Ready/);
    await setHidden(page, false);
    await untilWords(page, 'While you were away.');
    t.equal(seen.mostOpen, 1);
    await underTest.pause(null);
  });

  await t.test('when a browser blocks the new tab, then the demo is behind a link that has the focus', async (t) => {
    const { page } = await read();
    const id = '01a20c0f-0000-7000-8000-000000000001';
    const started = { id, created_at: new Date().toISOString(), control_token: 'a-token-of-a-test' };
    await answerStart(page, resume, 201, started);
    await page.evaluate('window.open = () => null');
    await press(page);
    const words = 'No new tab could be opened. Your demo is behind this link.';
    await element(page).locator('[part=notice]', { hasText: words }).waitFor();
    t.equal(await spoken(page), words);
    t.equal(await focusedPart(page), 'action');
    const [tab] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('Enter')]);
    await tab.waitForURL(`${url}/d/${id}`);
    t.match(await tab.evaluate('JSON.stringify(localStorage)'), 'a-token-of-a-test', 'the demo page has the token');
    t.equal(await page.evaluate('localStorage.length'), 1);
    // Nobody has heard of this run, so it is over after a while, and the next answer says so.
    while (!(await startButton(page).isVisible())) {
      await delay(1_000);
      await setHidden(page, false);
    }
    t.equal(await page.evaluate('localStorage.length'), 0);
  });

  await t.test('when a start is refused, then it says why and when, and the new tab is closed', async (t) => {
    const { page, context } = await read();
    await answerStart(page, resume, 429, { title: 'Too many requests', status: 429, retry_after_seconds: 90 });
    await press(page);
    const notice = element(page).locator('[part=notice]');
    await notice.waitFor();
    t.match(await notice.textContent(), /^Too many requests\. Try again at \d\d:\d\d:\d\d, in 1\smin\s30\ss\.$/);
    t.equal(await spoken(page), await notice.textContent());
    t.equal(context.pages().length, 1);
    t.equal(await focusedPart(page), 'action', 'the focus is where it was');
    t.strictSame(await seriousViolations(page), []);
  });

  await t.test('when somebody is faster, then the visitor is told and may join', async (t) => {
    const { page, context } = await read();
    const running = runView({ status: 'deploying', reason: 'building' });
    const refusal = { title: 'A demo is running', status: 409, deployment: running };
    await page.route('**/v1/deployments', async (route) => {
      if (route.request().method() !== 'POST') return route.fallback();
      await answerWith(page, resume, running);
      return route.fulfill({ status: 409, headers: { 'access-control-allow-origin': resume }, json: refusal });
    });
    await press(page);
    await element(page).getByText('Somebody was faster: a demo is already running.').first().waitFor();
    t.equal(await link(page, 'Join and watch').getAttribute('href'), `${url}/d/${running.id}`);
    t.equal(await focusedPart(page), 'action');
    t.equal(context.pages().length, 1);
    t.equal(await page.evaluate('localStorage.length'), 0);
  });

  await t.test('when the answer to a start is lost, then it is asked for again with the same key', async (t) => {
    const { page } = await underTest.visitor();
    await page.clock.install();
    await page.goto(resume);
    const keys: (string | null)[] = [];
    await page.route('**/v1/deployments', async (route) => {
      if (route.request().method() !== 'POST') return route.fallback();
      keys.push(await route.request().headerValue('idempotency-key'));
      return route.abort('connectionreset');
    });
    await press(page);
    await passUntil(page, element(page).getByText('The server did not answer. Please try again.').first());
    t.equal(keys.length, 3);
    t.equal(new Set(keys).size, 1);
  });

  await t.test('when a demo starts behind an open dialog, then the focus goes to the link that came', async (t) => {
    const { page } = await read();
    await startButton(page).click();
    await answerWith(page, resume, runView({ status: 'queued', reason: 'waiting_for_runner' }));
    await setHidden(page, false);
    await words(page).filter({ hasText: /^Busy/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.waitForFunction(
      `document.querySelector('live-demo-button').shadowRoot.activeElement?.localName === 'a'`,
    );
    t.equal(await focusedPart(page), 'action');
  });
});
