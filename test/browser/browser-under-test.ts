import { existsSync } from 'node:fs';
import { Writable } from 'node:stream';
import Fastify from 'fastify';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { Test } from 'tap';
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

const createVisitor = async (browser: Browser, options: BrowserContextOptions): Promise<Visitor> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
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

/** Starts a browser. It is closed when the test ends. */
export const openBrowser = async (t: Test): Promise<OpenVisitor> => {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  t.teardown(() => browser.close());
  return (options = {}) => createVisitor(browser, options);
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

/** Whether the focus is on what the selector matches. The browser's own types are not those of the tests: hence text. */
export const isFocused = (page: Page, selector: string): Promise<unknown> =>
  page.evaluate(`document.activeElement?.matches('${selector}')`);
