import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { startDemo } from '../demo/demo-server-under-test.ts';
import { DEPLOYMENT_ID, ENVIRONMENT, FIRST_POD, healthyAnswers, node } from '../demo/kubernetes-fixtures.ts';
import { openBrowser, passUntil, skipReason } from './browser-under-test.ts';

const SCREENSHOT = fileURLToPath(new URL('../../docs/demo-app.png', import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const reason = skipReason();

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** What axe finds. It is put in by the browser's own debugger, since the page's policy lets no other script run. */
const violationsOf = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(AXE);
  const found = (await page.evaluate('axe.run().then(({ violations }) => violations)')) as readonly Violation[];
  return found.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`);
};

const overflows = (page: Page) => page.evaluate('document.documentElement.scrollWidth > innerWidth');

const look = async (t: Test, page: Page): Promise<void> => {
  t.match(await page.getByRole('heading', { level: 1 }).textContent(), /^This cluster did not exist \d+ minutes ago$/);
  t.equal(await page.locator('dd').first().textContent(), DEPLOYMENT_ID);
  t.equal(await page.locator('.node').count(), 2);
  t.equal(await page.locator('.pod').count(), 8);
  t.match(await page.locator('.pod', { hasText: FIRST_POD }).textContent(), /answered just now/);
  t.equal(await page.locator('.steps li').count(), 4);
  t.match(await page.title(), /3d9e0c1f5a7b/);
};

t.test(
  'Given the demo, when a visitor opens it, then it is live, can be read by everybody and asks nobody else',
  { skip: reason },
  async (t) => {
    const { origin, kubernetes, clock } = await startDemo(t);
    const visitor = await openBrowser(t);
    const { page, complaints, origins } = await visitor();
    await page.goto(origin);
    await look(t, page);
    t.strictSame(await violationsOf(page), []);
    if (process.env.UPDATE_SCREENSHOT === '1') await page.screenshot({ path: SCREENSHOT, fullPage: true });

    const answers = healthyAnswers();
    kubernetes.answers = { ...answers, nodes: { items: [node('ip-10-64-0-99.ec2.internal', 'us-east-1c', false)] } };
    clock.now += 60_000;
    await page.locator('h3', { hasText: 'ip-10-64-0-99.ec2.internal' }).waitFor();
    await page.locator('.summary', { hasText: '0 of 1 node ready' }).waitFor();
    t.equal(
      await page.locator('h3', { hasText: 'Waiting for a node' }).count(),
      1,
      'pods whose node is gone wait for another',
    );
    t.strictSame(await violationsOf(page), []);

    t.strictSame([...origins], [origin]);
    t.strictSame(complaints, []);
  },
);

for (const colorScheme of ['light', 'dark'] as const) {
  t.test(
    `Given a small ${colorScheme} screen, when the demo is opened, then all of it fits and can be read`,
    { skip: reason },
    async (t) => {
      const { origin } = await startDemo(t);
      const visitor = await openBrowser(t);
      const { page, complaints } = await visitor({
        viewport: { width: 320, height: 640 },
        colorScheme,
        reducedMotion: 'reduce',
      });
      await page.goto(origin);
      await look(t, page);
      t.equal(await overflows(page), false);
      t.strictSame(await violationsOf(page), []);
      t.strictSame(complaints, []);
    },
  );
}

t.test(
  'Given a demo whose time is over, when a visitor still has it open, then the page says so, once',
  { skip: reason },
  async (t) => {
    const { origin } = await startDemo(t);
    const visitor = await openBrowser(t);
    const { page } = await visitor();
    await page.clock.install();
    await page.goto(origin);
    await page.route('**/live', (route) => route.abort());
    const words = 'The cluster does not answer any more. Its time may be over.';
    await passUntil(page, page.getByRole('status').filter({ hasText: words }));
    t.equal(await page.locator('.node').count(), 2, 'what was there last stays');
    await page.unroute('**/live');
    await page.clock.runFor(10_000);
    await page.getByRole('status').filter({ hasText: /^$/ }).waitFor({ state: 'attached' });
  },
);

t.test(
  'Given no JavaScript, when the demo is opened, then everything is there all the same',
  { skip: reason },
  async (t) => {
    const { origin } = await startDemo(t);
    const visitor = await openBrowser(t);
    const { page } = await visitor({ javaScriptEnabled: false });
    await page.goto(origin);
    await look(t, page);
    t.equal(await page.getByRole('link').getAttribute('href'), ENVIRONMENT.PIPELINE_URL);
  },
);
