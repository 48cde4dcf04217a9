import type { BrowserContextOptions, Page } from 'playwright-core';
import t from 'tap';
import { IDLE, runView, stage, type View } from '../web/page/sample-view.ts';
import { skipReason } from './browser-under-test.ts';
import {
  answerWith,
  CURRENT,
  element,
  keepPicture,
  NOW,
  overflows,
  type ResumeUnderTest,
  seriousViolations,
  setUpResume,
  startButton,
  untilWords,
} from './resume-under-test.ts';

const from = (minutes: number): string => new Date(Date.parse(NOW) + minutes * 60_000).toISOString();

const BUILDING = runView({
  status: 'deploying',
  reason: 'building',
  created_at: from(-8),
  eta: { earliest: from(4), likely: from(6), latest: from(9) },
  stages: [
    stage({ name: 'plan', state: 'succeeded', expected_seconds: 60 }),
    stage({ state: 'running', started_at: from(-7), expected_seconds: 720 }),
    stage({ name: 'verify', expected_seconds: 60 }),
  ],
});

const LIVE = runView({
  status: 'live',
  reason: 'healthy',
  live_at: from(-19),
  live_url: 'https://d41f.demo.example.com/',
  expires_at: from(41.5),
});

const BLOCKED: View = {
  ...IDLE,
  can_deploy: false,
  blocked_reason: 'nightly_window',
  // Half a minute more than is read, so that a slow machine reads the same.
  retry_after_seconds: 4_230,
};

/** Every state that a server can answer with, by the words that it is known by. */
const STATES: readonly (readonly [string, View, RegExp])[] = [
  ['ready', IDLE, /^Ready\./],
  ['busy', BUILDING, /^Busy: a demo is being built, ready\s~\d\d:57\.$/],
  ['live', LIVE, /^Live, 41\smin left\.$/],
  ['failing', { ...LIVE, live_url: null, reason: 'link_not_answering' }, /its link does not answer\.$/],
  ['falling', runView({ status: 'destroying', reason: 'expired' }), /^Being taken down/],
  ['quarantined', runView({ status: 'quarantined', reason: 'expired' }), /^Not yet proven gone/],
  ['blocked', BLOCKED, /too close to the nightly clean-up.*Try again at .*, in 1\sh\s10\smin\.$/],
];

/** Which of them the documents show. */
const PICTURED = ['ready', 'busy', 'live', 'blocked'];

const LOOKS: readonly (readonly [string, BrowserContextOptions])[] = [
  ['light', { viewport: { width: 1100, height: 860 }, colorScheme: 'light' }],
  ['dark, at 320 pixels', { viewport: { width: 320, height: 700 }, colorScheme: 'dark', reducedMotion: 'reduce' }],
];

/** Shows another state in a tab. */
const showIn = async (page: Page, { resume }: ResumeUnderTest, view: View): Promise<void> => {
  await page.unroute(CURRENT);
  await answerWith(page, resume, view);
  await page.goto(resume);
};

const open = async (underTest: ResumeUnderTest, view: View, look: BrowserContextOptions): Promise<Page> => {
  const { page } = await underTest.visitor(look);
  await showIn(page, underTest, view);
  return page;
};

const openDialog = async (page: Page) => {
  await startButton(page).click();
  const dialog = page.getByRole('dialog', { name: 'Deploy a live demo?' });
  await dialog.getByText('The sample runs were live after').waitFor();
  return dialog;
};

t.test(
  'given a résumé on another origin, when it shows each state, then everybody can read it',
  { skip: skipReason() },
  async (t) => {
    const underTest = await setUpResume(t);
    for (const [lookName, look] of LOOKS) {
      const { page, complaints } = await underTest.visitor(look);
      for (const [name, view, expected] of STATES) {
        await showIn(page, underTest, view);
        await untilWords(page, expected);
        t.strictSame(await seriousViolations(page), [], `${name}, ${lookName}`);
        t.equal(await overflows(page), false, `${name}, ${lookName}: nothing sticks out`);
        if (lookName === 'light' && PICTURED.includes(name)) await keepPicture(page, name, 'live-demo-button');
      }
      t.strictSame(complaints, []);
    }

    await t.test('when the dialog is open, then it can be read, too, and fits', async (t) => {
      for (const [lookName, look] of LOOKS) {
        const page = await open(underTest, IDLE, look);
        const dialog = await openDialog(page);
        t.strictSame(await seriousViolations(page), [], lookName);
        const { width = 0, x = -1 } = (await dialog.boundingBox()) ?? {};
        t.ok(x >= 0 && x + width <= (look.viewport?.width ?? 0), `${lookName}: it is all to be seen`);
        if (lookName === 'light') await keepPicture(page, 'dialog', 'dialog', 32);
      }
    });

    await t.test('when the server does not answer, then that can be read', async (t) => {
      for (const [lookName, look] of LOOKS) {
        const { page } = await underTest.visitor(look);
        await page.route(CURRENT, (route) => route.abort());
        await page.goto(underTest.resume);
        await untilWords(page, 'The demo server does not answer.');
        t.strictSame(await seriousViolations(page), [], lookName);
      }
    });

    await t.test('when motion is not wanted, then nothing moves', async (t) => {
      const moving = async (reducedMotion: 'reduce' | 'no-preference'): Promise<unknown> => {
        const page = await open(underTest, BUILDING, { reducedMotion });
        await untilWords(page, /^Busy/);
        return element(page)
          .locator('.light')
          .evaluate((light: { getAnimations(): unknown[] }) => light.getAnimations().length);
      };
      t.equal(await moving('reduce'), 0);
      t.not(await moving('no-preference'), 0, 'and else it does');
    });

    const wide = { viewport: { width: 1100, height: 860 }, colorScheme: 'dark' } as const;
    const page = await open(underTest, BUILDING, wide);
    await untilWords(page, /^Busy/);
    t.strictSame(await seriousViolations(page, 'body'), [], 'the résumé itself');
    await keepPicture(page, 'dark', '.demo', 0);
  },
);
