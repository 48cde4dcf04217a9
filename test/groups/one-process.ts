import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const TEST = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs these test files, relative to test/, one after the other in the process of whoever asks. Starting a process and
 * loading what it uses takes longer than most files test. Each of them can still be run alone.
 */
export const inOneProcess = async (pattern: string): Promise<void> => {
  const files = globSync(pattern, { cwd: TEST }).toSorted();
  if (files.length === 0) throw new Error(`no test file matches ${pattern}`);
  for (const file of files) await import(new URL(`../${file.replaceAll('\\', '/')}`, import.meta.url).href);
};
