import t from 'tap';
import { RESOURCE_TABLE } from '../../src/local/gitlab-simulator/trace/resource-table.ts';
import { CREATED_AT } from '../web/page/sample-view.ts';
import { isFocused, setUpPage, skipReason } from './browser-under-test.ts';
import { BUILDING_VIEW } from './page-fixtures.ts';
import { replayFixture } from './replay-fixture.ts';
import { stubApi } from './stub-api.ts';

const OPEN = 'Watch the last run in 90 seconds';

t.test('given a run that can be watched again', { skip: skipReason() }, async (t) => {
  const { url, visitor } = await setUpPage(t);

  await t.test('when it is watched, then it takes 90 seconds, whatever it took', async (t) => {
    const { page, context, complaints } = await visitor();
    await page.clock.install({ time: CREATED_AT });
    const api = await stubApi(page, { replay: replayFixture() });
    await page.goto(url);
    const open = page.getByRole('button', { name: OPEN });
    await open.waitFor();
    await page.clock.pauseAt(CREATED_AT + 60_000);
    t.equal(
      api.requests
        .filter((request) => request.url().endsWith('/replay'))
        .at(-1)
        ?.method(),
      'HEAD',
      'it is not loaded before it is wanted',
    );
    await open.click();
    const player = page.locator('.player');
    await player.waitFor();
    t.match(await player.textContent(), /Replay, not live.*sample run.*Replay of the run of 14:02/);
    t.equal(await player.locator('.player-time').textContent(), '00:00 of 56:20');
    await page.clock.runFor(20_000);
    t.match(await player.locator('.scene-words').textContent(), 'Building');
    t.match(await player.locator('[data-stage=apply]').textContent(), /running.*Now building: EKS control plane/);
    t.match(
      await player.locator('.picture-caption').textContent(),
      new RegExp(`^\\d+ of ${RESOURCE_TABLE.length} resources exist\\.$`),
    );
    await page.clock.runFor(69_000);
    t.equal(await player.getByRole('button', { name: 'Pause' }).count(), 2, 'it still plays');
    await page.clock.runFor(1_500);
    t.equal(await player.locator('.player-time').textContent(), '56:20 of 56:20');
    t.equal(await player.locator('.scene-words').textContent(), 'Gone, and proven so');
    await player.getByRole('button', { name: 'Play again' }).waitFor();
    t.strictSame(complaints, []);
    await context.close();
  });

  await t.test('when there is only a keyboard, then it is opened, paused and moved by it', async (t) => {
    const { page, context } = await visitor({ reducedMotion: 'reduce' });
    await stubApi(page, { replay: replayFixture() });
    await page.goto(url);
    await page.getByRole('button', { name: OPEN }).press('Enter');
    await page.locator('.player').waitFor();
    t.equal(await isFocused(page, '.player-title'), true, 'what was opened is read aloud');
    await page.keyboard.press('Tab');
    t.equal(await isFocused(page, '.player-toggle'), true);
    await page.keyboard.press('Space');
    t.equal(await page.locator('.player-toggle').textContent(), 'Play');
    await page.keyboard.press('Tab');
    t.equal(await isFocused(page, '.player-range'), true);
    await page.keyboard.press('End');
    t.equal(await page.locator('.scene-words').textContent(), 'Gone, and proven so');
    await page.locator('.player .log-line', { hasText: 'Nothing is left' }).waitFor();
    await page.keyboard.press('Home');
    t.equal(await page.locator('.player-time').textContent(), '00:00 of 56:20');
    await page.locator('.player .log-line').first().waitFor({ state: 'detached' });
    for (let press = 0; press < 100; press += 1) await page.keyboard.press('ArrowRight');
    t.match(
      await page.locator('.player-range').getAttribute('aria-valuetext'),
      /^3\smin\s\d+\ss of 56\smin, Building$/,
    );
    await context.close();
  });

  await t.test('when a run is on its way, then the replay beside it is never taken for it', async (t) => {
    const { page, context } = await visitor();
    await stubApi(page, { view: BUILDING_VIEW, replay: replayFixture({ sample: false }) });
    await page.goto(`${url}/d/${BUILDING_VIEW.id}`);
    await page.getByRole('button', { name: OPEN }).click();
    await page.locator('.player').waitFor();
    await page.getByRole('slider').fill('90');
    t.equal(await page.locator('.scene-words').textContent(), 'Gone, and proven so');
    t.equal(await page.locator('#heading-words').textContent(), 'Building');
    t.match(await page.title(), /Building – Live demo$/);
    t.equal(await page.locator('#announcer').textContent(), '', 'and nothing of it is spoken as news');
    t.equal(await page.locator('.player .tag', { hasText: 'sample' }).count(), 0);
    await context.close();
  });

  await t.test('when there is none, then none is offered', async (t) => {
    const { page, context } = await visitor();
    await stubApi(page, { replay: null });
    const asked = page.waitForResponse('**/latest/replay');
    await page.goto(url);
    await asked;
    await page.getByRole('button', { name: 'Deploy Live Demo' }).waitFor();
    t.equal(await page.getByRole('button', { name: OPEN }).count(), 0);
    await context.close();
  });
});
