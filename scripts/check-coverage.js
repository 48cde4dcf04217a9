// Run after the tests: fails when fewer than 95 % of the lines in src/ ran, and names what did not run.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

const MINIMUM_PERCENT = 95;
const REPORT = '.tap/report/lcov.info';

// Stripping types is called experimental; that is not news for whoever runs the tests.
process.removeAllListeners('warning');

const fail = (text) => {
  process.stdout.write(`${text}\n`);
  process.exit(1);
};

/** The uncovered lines and the number of lines of each file, by its path. https://github.com/linux-test-project/lcov */
const parseReport = (text) => {
  const files = new Map();
  for (const record of text.split('end_of_record')) {
    const path = /^SF:(.+)$/m.exec(record)?.[1]?.replaceAll('\\', '/');
    if (path === undefined) continue;
    const lines = [...record.matchAll(/^DA:(\d+),(\d+)/gm)].map(([, line, hits]) => ({ line: +line, hits: +hits }));
    files.set(path, { total: lines.length, missed: lines.filter(({ hits }) => hits === 0).map(({ line }) => line) });
  }
  return files;
};

/** A file of nothing but types is never loaded, and there is nothing in it to run. */
const hasCode = (text) =>
  stripTypeScriptTypes(text)
    .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
    .replace(/export \{\s*\};?/g, '')
    .trim() !== '';

const neverLoaded = (path) => {
  const text = readFileSync(path, 'utf8');
  const total = hasCode(text) ? text.trimEnd().split('\n').length : 0;
  return { total, missed: Array.from({ length: total }, (_, at) => at + 1) };
};

/** 1, 2, 3, 7 as "1-3, 7". */
const rangesText = (lines) => {
  const ranges = [];
  for (const line of lines) {
    const last = ranges.at(-1);
    if (last?.[1] === line - 1) last[1] = line;
    else ranges.push([line, line]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
};

// Rounded down, so that 100 means all and the minimum is not reached by rounding.
const percent = (total, missed) => Math.floor(((total - missed) / total) * 1000) / 10;

if (!existsSync(REPORT)) fail(`No coverage: there is no ${REPORT}`);
const report = parseReport(readFileSync(REPORT, 'utf8'));
const files = globSync('src/**/*.ts')
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => !path.endsWith('.d.ts'))
  .toSorted()
  .map((path) => ({ path, ...(report.get(path) ?? neverLoaded(path)) }));

const total = files.reduce((sum, file) => sum + file.total, 0);
const missed = files.reduce((sum, file) => sum + file.missed.length, 0);
if (total === 0 || missed === total) fail('No coverage: no line of src/ ran');

for (const file of files.filter((candidate) => candidate.missed.length > 0)) {
  const lines = file.missed.length === file.total ? 'no test loads it' : rangesText(file.missed);
  process.stdout.write(`  ${file.path} ${percent(file.total, file.missed.length)} %: ${lines}\n`);
}
const reached = percent(total, missed);
process.stdout.write(`${reached} % of ${total} lines in src/ ran (at least ${MINIMUM_PERCENT} % have to)\n`);
if (reached < MINIMUM_PERCENT) process.exitCode = 1;
