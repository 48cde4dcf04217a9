import { stripVTControlCharacters } from 'node:util';
import type { Test } from 'tap';
import { plantedSecrets } from '../../src/local/gitlab-simulator/trace/planted-secrets.ts';
import type { ReplayJson } from '../../src/routes/schemas/replay.ts';
import { tabTo, type Visitor } from './browser-under-test.ts';

/** The page that watched the run offers the run again: from the keyboard, with the lines that it showed, and no others. */
export const watchAgain = async (t: Test, { page }: Visitor, id: string, origin: string): Promise<void> => {
  // It is stored after the end, and whoever asks sooner gets the one before.
  const own = `${origin}/v1/deployments/${id}/replay`;
  while (!(await page.request.get(own)).ok()) await page.waitForTimeout(100);
  const loaded = page.waitForResponse(
    (answer) => answer.url().endsWith('/replay') && answer.request().method() === 'GET',
  );
  await tabTo(page, '#replay-open');
  await page.keyboard.press('Enter');
  const replay = (await (await loaded).json()) as ReplayJson;
  t.equal(replay.id, id, 'it is the replay of that very life');
  t.equal(replay.sample, false);
  t.same(await (await page.request.get(own)).json(), replay);

  const player = page.locator('.player');
  await player.waitFor();
  t.equal(await player.locator('.tag', { hasText: 'sample' }).count(), 0);
  await tabTo(page, '.player-toggle');
  const time = player.locator('.player-time');
  const atFirst = await time.textContent();
  await time.filter({ hasNotText: String(atFirst) }).waitFor();
  await page.keyboard.press('Space');
  await player.getByRole('button', { name: 'Play', exact: true }).waitFor();
  const atPause = await time.textContent();
  await page.waitForTimeout(400);
  t.equal(await time.textContent(), atPause, 'it is paused');

  await tabTo(page, '.player-range');
  await page.keyboard.press('End');
  await player.locator('.scene-words', { hasText: 'Gone, and proven so' }).waitFor();
  await player.locator('.picture-caption', { hasText: /^All \d+ resources are gone\.$/ }).waitFor();
  // They are drawn a hundred in a frame.
  await player
    .locator('.log-line')
    .nth(replay.lines.length - 1)
    .waitFor();
  const lines = await player.locator('.log-line').allTextContents();
  t.strictSame(
    lines,
    replay.lines.map(({ text }) => stripVTControlCharacters(text)),
    'each line that was kept, in its order, and no other',
  );
  const shown = lines.join('\n');
  t.match(shown, '[MASKED]');
  t.strictSame(
    plantedSecrets(id).filter((secret) => shown.includes(secret)),
    [],
    'no planted secret is in it',
  );
  await page.keyboard.press('Home');
  await player.locator('.player-time', { hasText: /^00:00 of / }).waitFor();
};
