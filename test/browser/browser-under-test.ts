import { existsSync } from 'node:fs';
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import Fastify from 'fastify';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';
import tap, { type Test } from 'tap';
import { compose } from '../../src/compose.ts';
import { loadConfig } from '../../src/config.ts';
import { startEmbeddedDynamodb } from '../../src/local/embedded-dynamodb.ts';
import { createGitlabSimulator } from '../../src/local/gitlab-simulator/simulator.ts';
import { REAL_POLICY } from '../../src/policies.ts';
import { createPages } from '../../src/routes/pages.ts';

/** Chromium comes from the operating system, not from npm. */
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** False when there is a browser; else the reason to skip, which is also said on standard error, where nobody misses it. */
export const skipReason = (): string | false => {
  if (existsSync(CHROMIUM)) return false;
  const reason = `SKIPPED: no Chromium at ${CHROMIUM}, so the page was NOT tested in a browser. Install it or set CHROMIUM.`;
  process.stderr.write(`\n${reason}\n\n`);
  return reason;
};

/** A visitor: a browser profile of his own with one tab, and everything that went wrong or out of it. */
export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors and warnings of the console, exceptions, and violations of the policy. */
  readonly complaints: readonly string[];
  readonly origins: ReadonlySet<string>;
}

export interface UnderTest {
  readonly url: string;
  visitor(options?: BrowserContextOptions): Promise<Visitor>;
}

const REPORT_VIOLATIONS = `addEventListener('securitypolicyviolation', (event) =>
  console.error('policy violated: ' + event.violatedDirective + ' by ' + event.blockedURI))`;

/** For what comes within a second where nothing else goes on. It is only ever waited out by what does not come at all. */
const PATIENCE_MS = 45_000;

const createVisitor = async (browser: Browser, options: BrowserContextOptions): Promise<Visitor> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  const origins = new Set<string>();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => origins.add(new URL(request.url()).origin));
  await page.addInitScript(REPORT_VIOLATIONS);
  return { page, context, complaints, origins };
};

type OpenVisitor = (options?: BrowserContextOptions) => Promise<Visitor>;

/** One for all tests of this process: to start it takes longer than many of them. */
let browser: Promise<Browser> | null = null;

const launch = (): Promise<Browser> => {
  const launched = chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  tap.teardown(async () => (await launched).close());
  return launched;
};

/** Opens a browser. The profiles of its visitors are closed when the test ends. */
export const openBrowser = async (t: Test): Promise<OpenVisitor> => {
  browser ??= launch();
  const opened = await browser;
  const contexts: BrowserContext[] = [];
  t.teardown(() => Promise.all(contexts.map((context) => context.close())));
  return async (options = {}) => {
    const visitor = await createVisitor(opened, options);
    contexts.push(visitor.context);
    return visitor;
  };
};

const SILENT = { write: (_chunk: unknown, _encoding: unknown, done: () => void) => done() };

const composeSilently = (env: Readonly<Record<string, string>>) =>
  compose(loadConfig({ PORT: '0', SIMULATOR_SPEED: '10', LOG_LEVEL: 'error', ...env }), {
    version: '0.0.0',
    logDestination: new Writable(SILENT),
  });

/** Starts the real server in local mode, with its simulator ten times as fast, and a browser. */
export const setUp = async (t: Test, environment: Readonly<Record<string, string>> = {}): Promise<UnderTest> => {
  const service = await composeSilently(environment);
  t.teardown(() => service.stop());
  await service.start();
  return { url: service.url, visitor: await openBrowser(t) };
};

const TOKEN = 'a-token-for-the-browser-tests';

/**
 * The same, but what the server talks to outlives it: it can be stopped, and started again at the same address with the
 * same table and the same GitLab.
 */
export const setUpRestartable = async (
  t: Test,
): Promise<UnderTest & { stop(): Promise<void>; start(): Promise<void> }> => {
  const dynamodb = await startEmbeddedDynamodb();
  t.teardown(() => dynamodb.close());
  const simulator = createGitlabSimulator({ speed: 10, projectPath: 'demo/eks-demo', refs: ['demo-v1'], token: TOKEN });
  t.teardown(() => simulator.close());
  const { origin } = await simulator.listen({ host: '127.0.0.1', port: 0 });
  const env = {
    DYNAMODB_ENDPOINT: dynamodb.endpoint,
    GITLAB_URL: origin,
    GITLAB_PROJECT: 'demo/eks-demo',
    GITLAB_REF: 'demo-v1',
    LIVE_ORIGINS: origin,
    LOCAL_GITLAB_TOKEN: TOKEN,
  };
  let service = await composeSilently(env);
  t.teardown(() => service.stop());
  await service.start();
  const { url } = service;
  return {
    url,
    visitor: await openBrowser(t),
    stop: () => service.stop(),
    start: async () => {
      service = await composeSilently({ ...env, PORT: new URL(url).port });
      await service.start();
    },
  };
};

/** Serves the page alone, for tests that say themselves what the API answers. */
export const setUpPage = async (t: Test, facts: { readonly simulated?: boolean } = {}): Promise<UnderTest> => {
  const app = Fastify();
  t.teardown(() => app.close());
  await app.register(createPages({ simulated: false, hourlyCostUsd: 0.18, policy: REAL_POLICY, ...facts }));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const open = await openBrowser(t);
  return {
    url,
    visitor: (options = {}) => open({ timezoneId: 'Europe/Berlin', locale: 'en-GB', ...options }),
  };
};

/** Lets time pass on the page's clock until something is seen; answers need real time, so it comes in parts. */
export const passUntil = async (page: Page, seen: Locator): Promise<void> => {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (!(await seen.isVisible())) {
    if (performance.now() > giveUpAt) throw new Error('It is not seen, however much time passes');
    await page.clock.runFor(500);
    await delay(20);
  }
};

/** Whether the focus is on what the selector matches. The browser's own types are not those of the tests: hence text. */
export const isFocused = (page: Page, selector: string): Promise<unknown> =>
  page.evaluate(`document.activeElement?.matches('${selector}')`);

/** Reaches a button by keyboard alone. */
export const tabTo = async (page: Page, selector: string): Promise<void> => {
  for (let presses = 0; presses < 30; presses += 1) {
    if (await isFocused(page, selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The keyboard does not reach ${selector}`);
};
