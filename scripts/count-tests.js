// Adds up what several steps came to and prints it as the last line, for example "812 passed, 0 failed, 3 skipped".
// An argument per step: "<name>=<exit status>", with ":<file>" if the reporter left its totals there, or "<name>=skipped".
// A step that failed counts as one failure, unless its tests say how many. Ends with 1 if anything failed or nothing
// ran at all.
import { existsSync, readFileSync } from 'node:fs';
import { totalsOf, totalsText } from './tap-totals.js';

const NOTHING = { passed: 0, failed: 0, skipped: 0 };

const countStep = (step) => {
  const [, name, status, file] = /^([\w-]+)=(\d+|skipped)(?::(.+))?$/.exec(step) ?? [];
  if (name === undefined) throw new Error(`Not a step: ${step}`);
  if (status === 'skipped') return { ...NOTHING, skipped: 1 };
  const totals = file === undefined ? NOTHING : existsSync(file) ? totalsOf(readFileSync(file, 'utf8')) : null;
  if (totals === null) process.stdout.write(`${name}: its tests did not run to the end\n`);
  const isBroken = status !== '0' || totals === null;
  if (isBroken) process.stdout.write(`${name}: failed\n`);
  return { ...NOTHING, ...totals, failed: Math.max(totals?.failed ?? 0, isBroken ? 1 : 0) };
};

const steps = process.argv.slice(2).map(countStep);
const sum = (key) => steps.reduce((total, step) => total + step[key], 0);
const all = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
if (all.passed === 0 && all.failed === 0) process.stdout.write('No test ran\n');
process.stdout.write(`${totalsText(all)}\n`);
process.exitCode = all.failed === 0 && all.passed > 0 ? 0 : 1;
