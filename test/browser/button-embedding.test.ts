import t from 'tap';
import { IDLE, runView } from '../web/page/sample-view.ts';
import { skipReason } from './browser-under-test.ts';
import { countQuestions } from './button-actions.ts';
import {
  answerWith,
  CURRENT,
  element,
  link,
  overflows,
  seriousViolations,
  setUpResume,
  untilWords,
} from './resume-under-test.ts';

t.test('given sites of every kind', { skip: skipReason() }, async (t) => {
  const underTest = await setUpResume(t);
  const { url, resume, unlisted } = underTest;

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

  await t.test('when a site frames the page, then nothing of it is shown, listed or not', async (t) => {
    const { page } = await underTest.visitor();
    for (const address of [`${url}/`, `${url}/d/01900000-0000-7000-8000-ffffffffffff`]) {
      await page.goto(await underTest.page(`<iframe src="${address}" title="the demo"></iframe>`));
      const frame = page.frameLocator('iframe');
      await page.waitForFunction('document.readyState === "complete"');
      t.equal(await frame.locator('#app, #deploy').count(), 0);
    }
    const framed = page.frames().at(-1);
    t.match(framed?.url(), /^chrome-error:/, 'the browser itself refuses it');
  });

  await t.test('when an unlisted site tries to start a demo by itself, then none is started', async (t) => {
    const { page } = await underTest.visitor();
    await page.goto(unlisted);
    const address = JSON.stringify(`${url}/v1/deployments`);
    const tries = [
      `{ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }`,
      `{ method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' }, body: '{}' }`,
      `{ method: 'POST', mode: 'no-cors', credentials: 'include', body: new URLSearchParams() }`,
    ];
    for (const sent of tries) {
      const seen = await page.evaluate(
        `fetch(${address}, ${sent}).then(({ type, status }) => type + ' ' + status, () => 'refused')`,
      );
      t.ok(['refused', 'opaque 0'].includes(String(seen)), `nothing of the answer can be read: ${seen}`);
    }
    await page.route(`${unlisted}/form`, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<form method="post" enctype="text/plain" action="${url}/v1/deployments"><input name="{}"></form>`,
      }),
    );
    await page.goto(`${unlisted}/form`);
    await Promise.all([page.waitForNavigation(), page.evaluate('document.forms[0].submit()')]);
    t.match(page.url(), url, 'the form was sent');
    const { status } = (await (await fetch(`${url}/v1/deployments/current`)).json()) as { status: string };
    t.equal(status, 'idle');
  });

  await t.test(
    'when the site has poisoned what all objects share, then the button takes nothing from it',
    async (t) => {
      const { page, origins, complaints } = await underTest.visitor();
      await page.addInitScript(`Object.assign(Object.prototype, {
      live_url: 'https://evil.example/', server: 'https://evil.example', deployment: { id: 'evil' }, id: 'evil',
      detail: 'poison', blocked_detail: 'poison', until: '2031-01-01T00:00:00Z', token: 'poison', startedAt: 1,
      headers: { 'x-poison': '1' }, prefer: 'poison', signal: null,
    })`);
      const asked: string[] = [];
      page.on('request', (request) => asked.push(JSON.stringify(request.headers())));
      await page.goto(resume);
      await page.getByRole('button', { name: 'Deploy Live Demo' }).waitFor();
      await untilWords(page, /^Ready/);
      t.equal(await page.getByText('poison').count(), 0);
      t.strictSame([...origins].toSorted(), [new URL(url).origin, resume].toSorted());
      t.ok(asked.length > 2 && asked.every((headers) => !headers.includes('poison')));
      t.strictSame(complaints, []);
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
