// The reporter of tap: one line per test file, everything about what failed, and the totals. It reads the raw output
// (https://testanything.org/tap-version-14-specification.html) from standard input and needs no terminal. Where
// TEST_TOTALS_FILE names a file, what the totals follow from is written there.
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { totalsOf, totalsText } from './tap-totals.js';

const INDENT = 4;
const TEST_POINT = /^(not )?ok \d+(?: - (.*?))?(?: # time=(\S+))?( \{)?$/;
const DIRECTIVE = / # (SKIP|TODO)\b ?(.*)$/i;

const print = (text) => process.stdout.write(`${text}\n`);

// The subtests that are open, outermost first; `failed` says that something inside was already shown.
const open = [];
// The block of details that is being read: where it ends, and whether it is shown.
let details = null;
let isShown = false;
// The lines that say how it all went.
const verdict = [];

const showFailure = (names) => {
  print(`\n✗ ${names.join(' > ')}`);
  isShown = true;
  for (const subtest of open) subtest.failed = true;
};

const closeSubtest = (depth) => {
  if (open.length <= depth) return null;
  const [closed] = open.splice(depth);
  return closed;
};

const showFile = (isOk, name, time, directive) => {
  const sign = directive ? '-' : isOk ? '✓' : '✗';
  print(
    `${sign} ${name}${directive ? ` (${directive[1].toLowerCase()}: ${directive[2]})` : ''}${time ? ` ${time}` : ''}`,
  );
};

const readPoint = (depth, [, not, title = '', time]) => {
  const directive = DIRECTIVE.exec(title);
  const name = title.replace(DIRECTIVE, '');
  const subtest = closeSubtest(depth);
  isShown = false;
  const isOk = not === undefined || directive !== null;
  // What a subtest failed of has been shown inside it, unless it ended without a word.
  if (!isOk && !subtest?.failed) showFailure([...open.map((parent) => parent.name), name]);
  else if (depth === 0) showFile(isOk, name, time, directive);
};

const readBailOut = (text) => {
  // It is repeated on every level that it ends.
  if (!verdict.includes(text)) showFailure([...open.map((parent) => parent.name), text]);
  verdict.push(text);
};

const readLine = (line) => {
  const text = line.trimStart();
  const spaces = line.length - text.length;
  if (details !== null) {
    if (spaces === details && text === '...') details = null;
    else if (isShown) print(`  ${line.slice(details)}`);
    return;
  }
  const depth = Math.floor(spaces / INDENT);
  const point = TEST_POINT.exec(text);
  if (text === '---') details = spaces;
  else if (point !== null) readPoint(depth, point);
  else if (text.startsWith('# Subtest: ')) open.splice(depth, open.length, { name: text.slice(11), failed: false });
  else if (text.startsWith('# { total:')) verdict.push(text);
  else if (text.startsWith('Bail out!')) readBailOut(text);
  else if (!/^(?:#.*|\d+\.\.\d+.*|TAP version \d+|\}?)$/.test(text)) print(`  | ${text}`);
};

createInterface({ input: process.stdin })
  .on('line', readLine)
  .on('close', () => {
    const totals = totalsOf(verdict.join('\n'));
    print(totals === null ? '\nThe tests did not run to the end' : `\n${totalsText(totals)}`);
    const file = process.env.TEST_TOTALS_FILE;
    if (file) writeFileSync(file, `${verdict.join('\n')}\n`);
  });
