import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { CREATED_AT, runView } from '../web/page/sample-view.ts';
import { setUpPage, skipReason, type UnderTest } from './browser-under-test.ts';
import { PAGE_STATES, type PageState } from './page-states.ts';
import { stubApi } from './stub-api.ts';

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
/** `UPDATE_SCREENSHOT=1` keeps what is seen; else nothing is written. */
const KEEPS_PICTURES = process.env.UPDATE_SCREENSHOT === '1';
const pictureOf = (name: string): string =>
  fileURLToPath(new URL(`../../docs/images/page-${name}.png`, import.meta.url));

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
}

/** What axe finds that is serious or worse. It is handed in by the debugger, so the page's policy stays as it is. */
const seriousViolations = async (page: Page): Promise<string[]> => {
  const violations = (await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)`,
  )) as readonly Violation[];
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
    );
};

type Looks = readonly (readonly [width: number, colorScheme: 'light' | 'dark'])[];
/** Each state in both widths and both schemes; which goes with which alternates, so that all four are met. */
const LOOKS: readonly [Looks, Looks] = [
  [
    [1280, 'light'],
    [320, 'dark'],
  ],
  [
    [1280, 'dark'],
    [320, 'light'],
  ],
];
/** Which of them are also kept on a small screen, and in the dark. */
const SMALL = ['idle', 'deploying', 'live'];
const DARK = ['deploying'];

const keepPictures = async (page: Page, name: string): Promise<void> => {
  if (!KEEPS_PICTURES) return;
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  if (name === 'replay') await page.locator('#replay').scrollIntoViewIfNeeded();
  await page.screenshot({ path: pictureOf(name) });
  if (DARK.includes(name)) {
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await page.screenshot({ path: pictureOf(`${name}-dark`) });
  }
  if (!SMALL.includes(name)) return;
  await page.setViewportSize({ width: 320, height: 700 });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.screenshot({ path: pictureOf(`${name}-small`) });
};

const open = async ({ url, visitor }: UnderTest, { path, api, atMinutes, heading, act, isOwn }: PageState) => {
  const opened = await visitor({ reducedMotion: 'reduce' });
  const { page } = opened;
  const stub = await stubApi(page, { ...api });
  const { id } = runView({});
  await page.clock.setFixedTime(CREATED_AT + atMinutes * 60_000);
  await page.goto(path === '/' ? url : `${url}/d/${id}${isOwn ? '#token=a-token' : ''}`);
  await page.locator('#heading-words').filter({ hasText: heading }).waitFor();
  const lines = api.jobs?.flatMap((job) => job.lines) ?? [];
  if (lines.length > 0 && api.view?.receipt === null)
    await page
      .locator('.log-line')
      .nth(lines.length - 1)
      .waitFor();
  if ((api.entries?.length ?? 0) > 0) await page.locator('.run').first().waitFor();
  await act?.(page, stub);
  return opened;
};

const examine = async (t: Test, page: Page, looks: Looks): Promise<void> => {
  await page.evaluate(AXE);
  for (const [width, colorScheme] of looks) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    t.strictSame(await seriousViolations(page), [], `axe finds nothing serious at ${width} pixels, ${colorScheme}`);
    t.equal(
      await page.evaluate('document.documentElement.scrollWidth > innerWidth'),
      false,
      `${width} pixels are enough`,
    );
  }
};

t.test('given every state of the page', { skip: skipReason() }, async (t) => {
  const underTest = await setUpPage(t);
  for (const [index, state] of PAGE_STATES.entries()) {
    await t.test(
      `when it is ${state.name}, then it is for everyone: axe, small and large, light and dark`,
      async (t) => {
        const { page, context, complaints } = await open(underTest, state);
        await examine(t, page, LOOKS[index % 2 === 0 ? 0 : 1]);
        await keepPictures(page, state.name);
        const unexpected = complaints.filter((text) => !/ERR_CONNECTION_REFUSED|404 \(Not Found\)/.test(text));
        t.strictSame(unexpected, [], 'no error, and nothing that the policy forbids');
        await context.close();
      },
    );
  }
});
