import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { Test } from 'tap';
import type { View } from '../web/page/sample-view.ts';
import { setUp, type UnderTest, type Visitor } from './browser-under-test.ts';

export const OWNER_TOKEN = 'the-owner-of-the-tests';

/** A demo server, and résumés on other origins whose button asks it. */
export interface ResumeUnderTest extends UnderTest {
  /** The example, at an origin that the demo server lists. */
  readonly resume: string;
  /** The same at an origin that it does not list. */
  readonly unlisted: string;
  /** A page of this text at a listed origin; its button's script comes from the demo server. */
  readonly page: (body: string) => Promise<string>;
  /** Opens the example and waits for the button to know its state. */
  readonly read: (options?: BrowserContextOptions, url?: string) => Promise<Visitor>;
  readonly pause: (reason: string | null) => Promise<void>;
}

interface Example {
  createResumeServer(demoUrl: string): Server;
}

const { createResumeServer }: Example = await import(new URL('../../examples/resume/serve.js', import.meta.url).href);

const listen = async (t: Test, server: Server): Promise<string> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** The origin has to be known before the server that lists it, and that one before what its pages name. */
const deferred = () => {
  let answer: Server | null = null;
  const server = createServer((request, response) => answer?.emit('request', request, response));
  return {
    server,
    become: (other: Server) => {
      answer = other;
    },
  };
};

/** Starts the demo server, the example résumé at two origins, and a browser. */
export const setUpResume = async (
  t: Test,
  environment: Readonly<Record<string, string>> = {},
): Promise<ResumeUnderTest> => {
  const [listed, unlisted, other] = [deferred(), deferred(), deferred()];
  const [resume, unlistedUrl, otherUrl] = [
    await listen(t, listed.server),
    await listen(t, unlisted.server),
    await listen(t, other.server),
  ];
  const ALLOWED_ORIGINS = `${resume},${otherUrl}`;
  const underTest = await setUp(t, { ALLOWED_ORIGINS, LOCAL_OWNER_TOKEN: OWNER_TOKEN, ...environment });
  for (const site of [listed, unlisted]) site.become(createResumeServer(underTest.url));

  const read: ResumeUnderTest['read'] = async (options = {}, url = resume) => {
    const visitor = await underTest.visitor(options);
    await visitor.page.goto(url);
    await visitor.page.locator('live-demo-button [part~=words]').filter({ hasNotText: 'Asking' }).waitFor();
    return visitor;
  };
  return {
    ...underTest,
    resume,
    unlisted: unlistedUrl,
    page: async (body) => {
      const html = `<!doctype html><html lang="en"><title>Page</title><script type="module" src="${underTest.url}/button.js"></script><main>${body}</main></html>`;
      other.become(createServer((_request, response) => response.setHeader('Content-Type', 'text/html').end(html)));
      return otherUrl;
    },
    read,
    pause: async (reason) => {
      const body = JSON.stringify(reason === null ? { paused: false } : { paused: true, reason });
      const headers = { authorization: `Bearer ${OWNER_TOKEN}`, 'content-type': 'application/json' };
      const response = await fetch(`${underTest.url}/v1/switch`, { method: 'PUT', headers, body });
      if (!response.ok) throw new Error(`The switch answered ${response.status}: ${await response.text()}`);
    },
  };
};

export const element = (page: Page) => page.locator('live-demo-button');
export const words = (page: Page) => element(page).locator('[part~=words]');
export const untilWords = (page: Page, text: string | RegExp) => words(page).filter({ hasText: text }).waitFor();
export const startButton = (page: Page) => element(page).getByRole('button', { name: 'Deploy Live Demo' });
export const link = (page: Page, name: string) => element(page).getByRole('link', { name });

/** What the live region said last. */
export const spoken = (page: Page) => element(page).getByRole('status').textContent();

/** The part that has the focus inside the button; null when the focus is elsewhere. */
export const focusedPart = (page: Page): Promise<unknown> =>
  page.evaluate(`document.querySelector('live-demo-button').shadowRoot.activeElement?.getAttribute('part') ?? null`);

/** Presses a key until the part has the focus. */
export const tabToPart = async (page: Page, part: string): Promise<void> => {
  for (let presses = 0; presses < 30; presses += 1) {
    if ((await focusedPart(page)) === part) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The keyboard does not reach ${part}`);
};

export const overflows = (page: Page): Promise<unknown> =>
  page.evaluate('document.documentElement.scrollWidth > innerWidth');

export const CURRENT = '**/v1/deployments/current';
export const NOW = 'Tue, 24 Nov 2026 13:51:00 GMT';

/** Answers for the server, as at that time: the view first, and from then on that nothing changes. */
export const answerWith = (page: Page, origin: string, view: View): Promise<unknown> =>
  page.route(CURRENT, (route) => {
    const isKnown = route.request().headers()['if-none-match'] === '"it"';
    const headers = {
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'Date, ETag, Preference-Applied',
      date: NOW,
      etag: '"it"',
    };
    return route.fulfill({ status: isKnown ? 304 : 200, headers, ...(isKnown ? {} : { json: view }) });
  });

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe-core calls serious or critical in that element and what is inside it. */
export const seriousViolations = async (page: Page, within = 'live-demo-button'): Promise<readonly string[]> => {
  // The page's policy allows no other script, and the protocol of the browser is not bound by it.
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate(`axe.run('${within}')`)) as { violations: readonly Violation[] };
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('; ')}`,
    );
};

/** Whether pictures are to be made anew for the documents. */
const isUpdating = process.env.UPDATE_SCREENSHOT === '1';

/** Keeps a picture of the button, or of its dialog, with a margin, for the documents. */
export const keepPicture = async (page: Page, name: string, selector: string, margin = 24): Promise<void> => {
  if (!isUpdating) return;
  const viewport = page.viewportSize();
  await page.setViewportSize({ width: 1100, height: 860 });
  await page.locator(selector).scrollIntoViewIfNeeded();
  const box = await page.locator(selector).boundingBox();
  if (box === null) throw new Error(`There is no ${selector} to be seen`);
  const path = fileURLToPath(new URL(`../../docs/images/button-${name}.png`, import.meta.url));
  const clip = {
    x: Math.max(0, box.x - margin),
    y: Math.max(0, box.y - margin),
    width: box.width + 2 * margin,
    height: box.height + 2 * margin,
  };
  await page.screenshot({ path, clip, animations: 'disabled' });
  if (viewport !== null) await page.setViewportSize(viewport);
};
