import type { Page, Request } from 'playwright-core';
import t from 'tap';
import { IDLE, runView } from '../web/page/sample-view.ts';
import { skipReason } from './browser-under-test.ts';
import {
  answerWith,
  CURRENT,
  element,
  focusedPart,
  link,
  overflows,
  seriousViolations,
  setUpResume,
  spoken,
  startButton,
  untilWords,
  words,
} from './resume-under-test.ts';

const answerStart = (page: Page, origin: string, status: number, json: object): Promise<unknown> =>
  page.route('**/v1/deployments', (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({ status, headers: { 'access-control-allow-origin': origin }, json })
      : route.fallback(),
  );

const press = async (page: Page): Promise<void> => {
  await startButton(page).click();
  await element(page).getByRole('button', { name: 'Deploy', exact: true }).click();
};

/** Plays that the tab is put away or looked at again. */
const setHidden = (page: Page, isHidden: boolean): Promise<unknown> =>
  page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'))`);

/** Notes each question for the state from now on as it is sent, and how many were open at once. */
const countQuestions = (page: Page) => {
  const isQuestion = (request: Request): boolean =>
    request.url().endsWith('/v1/deployments/current') && request.method() === 'GET';
  const seen = { sent: 0, open: 0, mostOpen: 0 };
  page.on('request', (request) => {
    if (!isQuestion(request)) return;
    seen.sent += 1;
    seen.open += 1;
    seen.mostOpen = Math.max(seen.mostOpen, seen.open);
  });
  const noteEnd = (request: Request): void => {
    if (isQuestion(request)) seen.open -= 1;
  };
  page.on('requestfinished', noteEnd);
  page.on('requestfailed', noteEnd);
  return seen;
};

t.test('given a button on a résumé', { skip: skipReason() }, async (t) => {
  const underTest = await setUpResume(t);
  const { url, resume, unlisted, read } = underTest;

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
    const seen = countQuestions(page);
    await page.goto(resume);
    await startButton(page).waitFor();
    await setHidden(page, true);
    await page.waitForTimeout(300);
    const before = seen.sent;
    await underTest.pause('While you were away.');
    await page.waitForTimeout(3_000);
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
    // Nobody has heard of this run, so it is over after a while.
    await startButton(page).waitFor({ timeout: 45_000 });
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
    const { page } = await read();
    const keys: (string | null)[] = [];
    await page.route('**/v1/deployments', async (route) => {
      if (route.request().method() !== 'POST') return route.fallback();
      keys.push(await route.request().headerValue('idempotency-key'));
      return route.abort('connectionreset');
    });
    await press(page);
    await element(page).getByText('The server did not answer. Please try again.').first().waitFor();
    t.equal(keys.length, 3);
    t.equal(new Set(keys).size, 1);
  });

  await t.test('when a visitor’s clock is wrong, then the countdown goes by the server’s', async (t) => {
    const { page } = await underTest.visitor();
    await page.addInitScript('const real = Date.now; Date.now = () => real() + 3 * 3600e3');
    const view = runView({
      status: 'live',
      reason: 'healthy',
      live_url: 'https://x.example/',
      expires_at: '2026-11-24T14:32:30.000Z',
    });
    await answerWith(page, resume, view);
    await page.goto(resume);
    await untilWords(page, /^Live, 41\smin left\.$/);
    t.match(await page.evaluate('Date.now() - performance.timeOrigin > 3 * 3600e3'), true, 'it was wrong');
  });

  await t.test('when data is hostile, then it is text, and only web addresses are linked', async (t) => {
    const { page, complaints } = await underTest.visitor();
    const markup = '<img src=x onerror="document.title=1"><a href="https://evil.example">x</a>';
    await answerWith(page, resume, { ...IDLE, can_deploy: false, blocked_reason: 'paused', blocked_detail: markup });
    await page.goto(resume);
    await untilWords(page, markup);
    await page.unroute(CURRENT);
    const id = '"><script>alert(1)</script>';
    await answerWith(page, resume, runView({ id, status: 'live', live_url: 'javascript:alert(1)' }));
    await page.reload();
    await untilWords(page, 'its link does not answer');
    const hrefs = await element(page)
      .getByRole('link')
      .evaluateAll((links: { getAttribute(name: string): string }[]) => links.map((one) => one.getAttribute('href')));
    t.strictSame(hrefs, [`${url}/d/${encodeURIComponent(id)}`]);
    t.strictSame(complaints, []);
  });

  await t.test('when the site is not listed, then its plain link stays, and the browser says why', async (t) => {
    const { page, complaints } = await underTest.visitor();
    await page.goto(unlisted);
    t.equal(await page.getByRole('link', { name: 'Deploy Live Demo' }).getAttribute('href'), `${url}/`);
    t.match(complaints[0], new RegExp(`${url}/button.js' from origin '${unlisted}' has been blocked by CORS policy`));
    t.equal(await page.getByRole('button').count(), 0);
  });

  await t.test(
    'when an unlisted site has a copy of the script, then it shows nothing but the way to the page',
    async (t) => {
      const { page } = await underTest.visitor();
      const script = await (await fetch(`${url}/button.js`)).text();
      await page.route('**/own-copy.js', (route) => route.fulfill({ contentType: 'text/javascript', body: script }));
      await page.route(unlisted, (route) =>
        route.fulfill({
          contentType: 'text/html',
          body: `<!doctype html><script type="module" src="/own-copy.js"></script><live-demo-button server="${url}"></live-demo-button>`,
        }),
      );
      await page.goto(unlisted);
      await untilWords(page, 'The demo server does not answer.');
      t.equal(await link(page, 'Open the demo page').getAttribute('href'), `${url}/`);
    },
  );

  await t.test('when the browser is too old for it, then its plain link stays', async (t) => {
    const { page, complaints } = await underTest.visitor();
    await page.addInitScript('delete URL.parse');
    await page.goto(resume);
    await page.waitForLoadState('networkidle');
    t.equal(await page.getByRole('link', { name: 'Deploy Live Demo' }).isVisible(), true);
    t.strictSame(complaints, []);
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

  await t.test('when there is no JavaScript, then it is a plain link to the page', async (t) => {
    const { page } = await underTest.visitor({ javaScriptEnabled: false });
    await page.goto(resume);
    t.equal(await page.getByRole('link', { name: 'Deploy Live Demo' }).getAttribute('href'), `${url}/`);
  });

  await t.test('when there are several on a page, then they share one watch, and each has its own label', async (t) => {
    const { page, complaints } = await underTest.visitor({ viewport: { width: 320, height: 900 } });
    const seen = countQuestions(page);
    const buttons = ['', 'label="Build it" theme="dark"', 'label="And this" theme="light"'];
    await page.goto(
      await underTest.page(buttons.map((set) => `<p><live-demo-button ${set}></live-demo-button>`).join('')),
    );
    await page.getByRole('button', { name: 'And this' }).waitFor();
    await page.getByRole('button', { name: 'Build it' }).waitFor();
    await page.waitForTimeout(1_500);
    t.equal(seen.mostOpen, 1);
    t.equal(seen.sent, 2, 'one that is answered at once, and one that waits for a change');
    const colours = await page.evaluate(
      `[...document.querySelectorAll('live-demo-button')].map((one) => getComputedStyle(one.shadowRoot.querySelector('.frame')).backgroundColor)`,
    );
    t.strictSame(colours, ['rgb(255, 255, 255)', 'rgb(24, 32, 42)', 'rgb(255, 255, 255)']);
    t.strictSame(await seriousViolations(page), []);
    t.equal(await overflows(page), false);

    await page.evaluate(`document.querySelector('live-demo-button').label = 0;
      document.querySelectorAll('live-demo-button').forEach((one) => one.setAttribute('label', 'Changed'))`);
    t.equal(await page.getByRole('button', { name: 'Changed' }).count(), 3);
    await page.evaluate(`document.querySelectorAll('p').forEach((one) => one.remove())`);
    await page.waitForTimeout(500);
    t.equal(seen.open, 0, 'nobody asks any more when they are gone');
    t.strictSame(complaints, []);
  });

  await t.test('when it is given no server that can be one, then it shows what the page put in it', async (t) => {
    const { page } = await underTest.visitor();
    const address = await underTest.page(
      '<live-demo-button server="ftp://demo.example"><a href="/elsewhere">My own link</a></live-demo-button>',
    );
    await page.goto(address);
    t.equal(await page.getByRole('link', { name: 'My own link' }).isVisible(), true);
  });
});
