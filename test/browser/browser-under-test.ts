import { existsSync } from 'node:fs';
import { Writable } from 'node:stream';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { Test } from 'tap';
import { compose } from '../../src/compose.ts';
import { loadConfig } from '../../src/config.ts';

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

/** Starts the real server in local mode, with its simulator ten times as fast, and a browser. */
export const setUp = async (t: Test, environment: Readonly<Record<string, string>> = {}): Promise<UnderTest> => {
  const config = loadConfig({ PORT: '0', SIMULATOR_SPEED: '10', LOG_LEVEL: 'error', ...environment });
  const service = await compose(config, {
    version: '0.0.0',
    logDestination: new Writable({ write: (_chunk, _encoding, done) => done() }),
  });
  t.teardown(() => service.stop());
  await service.start();
  return { url: service.url, visitor: await openBrowser(t) };
};

/** Whether the focus is on what the selector matches. The browser's own types are not those of the tests: hence text. */
export const isFocused = (page: Page, selector: string): Promise<unknown> =>
  page.evaluate(`document.activeElement?.matches('${selector}')`);
