import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import { checkFolders, hasTerraform } from './check.ts';
import type { Mistake } from './mistakes.ts';

export const PLATFORM = fileURLToPath(new URL('../../terraform/platform', import.meta.url));

/** For tap: why these tests cannot run here. */
export const options = { skip: hasTerraform() ? false : 'SKIPPED: there is no terraform on this machine' };

/** Only the tests that have to find it, as each file of them takes seconds. */
const isWanted = (path: string, foundBy: string | null): boolean => {
  const name = basename(path);
  if (name === '.terraform' || name.endsWith('.tfstate')) return false;
  if (name === 'tests') return foundBy !== null;
  return !name.endsWith('.tftest.hcl') || name === `${foundBy}.tftest.hcl`;
};

const planted = (text: string, { name, file, from, to }: Mistake): string => {
  if (!text.includes(from)) throw new Error(`${name}: ${file} has no such line`);
  return text.replace(from, () => to);
};

const plant = (copies: string, mistakes: readonly Mistake[], number: number): string => {
  const folder = join(copies, `mistakes-${number}`);
  cpSync(PLATFORM, folder, { recursive: true, filter: (path) => isWanted(path, mistakes[0]?.foundBy ?? null) });
  for (const mistake of mistakes) {
    const path = join(folder, mistake.file);
    writeFileSync(path, planted(readFileSync(path, 'utf8'), mistake));
  }
  return folder;
};

// Terraform stops at the first kind of mistake that needs no test to be found.
const mayGoTogether = (one: Mistake, other: Mistake): boolean =>
  one.foundBy !== null && one.foundBy === other.foundBy && one.said.source !== other.said.source;

/**
 * Those that the same file of tests has to find go into one copy, each with a message of its own to be known by: a copy
 * for each takes far longer. `ONE_BY_ONE=1` takes that time.
 */
const groupsOf = (mistakes: readonly Mistake[]): readonly (readonly Mistake[])[] => {
  const groups: Mistake[][] = [];
  for (const mistake of mistakes) {
    const fitting = groups.find((group) => group.every((other) => mayGoTogether(mistake, other)));
    if (fitting === undefined || process.env.ONE_BY_ONE === '1') groups.push([mistake]);
    else fitting.push(mistake);
  }
  return groups;
};

/** Plants mistakes in copies of the platform, and asserts that the check of each copy fails and says what is wrong. */
export const assertEachIsFound = (t: Test, mistakes: readonly Mistake[]): void => {
  const copies = realpathSync(mkdtempSync(join(tmpdir(), 'platform-')));
  t.teardown(() => rmSync(copies, { recursive: true, force: true }));
  const groups = groupsOf(mistakes);
  const folders = groups.map((group, number) => plant(copies, group, number));
  const checked = checkFolders(folders);
  for (const [index, group] of groups.entries()) {
    const { passed, output } = checked.get(folders[index] ?? '') ?? { passed: true, output: '' };
    t.notOk(passed, group.map(({ name }) => name).join(', '));
    for (const { name, said } of group) t.ok(said.test(output), `${name}: ${said}, in …${output.slice(-300)}`);
  }
};
