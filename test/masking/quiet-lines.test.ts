import fc from 'fast-check';
import t from 'tap';
import { createKnownValues } from '../../src/masking/known-values.ts';
import { createLineIndex } from '../../src/masking/line-index.ts';
import { createMultiLine, MULTI_LINE_TRIGGERS } from '../../src/masking/multi-line.ts';
import { createQuietLines } from '../../src/masking/quiet-lines.ts';
import { RULES_WITH_ACCOUNTS } from '../../src/masking/rules.ts';
import { createScanner } from '../../src/masking/scanner.ts';
import { viewOf } from '../../src/masking/view.ts';
import { KEY_ID, stamp, traces } from './samples.ts';

const KNOWN = 'known-value-1';

const scanner = createScanner(RULES_WITH_ACCOUNTS);
const knownValues = createKnownValues([KNOWN]);
const quietLines = createQuietLines(scanner.literals, [...MULTI_LINE_TRIGGERS, ...knownValues.beginnings]);

const isQuiet = (line: string): boolean => quietLines.endOf(line, 0) === line.length;

for (const line of [
  '',
  'module.eks.aws_eks_cluster.this[0]: Creating...',
  `${stamp()}\x1b[0m\x1b[1mmodule.cluster: Still creating... [01m00s elapsed]\x1b[0m`,
  '\tindented',
  'progress 1\rprogress 2\r',
  `${stamp()}section_start:1795165295:step_script\r\x1b[0K\x1b[0Ksection_end:1795165295:a[b=c]\r\x1b[0Kdone`,
  '名 │ ä',
  // What starts a word says nothing inside of one.
  'xghp_ 0ghp_ Xghp_',
  '\x1b[32mxghp_',
  '[32mghp_',
]) {
  t.test(`Given the line ${JSON.stringify(line)}, then it is quiet to its end and to its newline`, async (t) => {
    t.equal(quietLines.endOf(line, 0), line.length);
    t.equal(quietLines.endOf(`${line}\n${KEY_ID}`, 0), line.length);
    t.equal(quietLines.endOf(`${KEY_ID}\n${line}`, KEY_ID.length + 1), KEY_ID.length + 1 + line.length);
  });
}

for (const line of [
  KEY_ID,
  `AK\x1b[31;1m${KEY_ID.slice(2)}`,
  `known-\x1b[0mvalue-1`,
  'kind: Secret',
  'ghp_',
  '_ghp_',
  'x\x1b[32mghp_',
  '\x1b[mghp_',
  'xg\x1b[0mhp_',
  `x\x1b[${'1'.repeat(64)}mghp_`,
  'data:',
  `\x1b]8;;https://example.com\x1b\\link`,
  `\x1b[${'1'.repeat(80)}mendless`,
  `before section_start:1795165295:step_script\r\x1b[0K`,
  `AKsection_start:1795165295:step_script\r\x1b[0K${KEY_ID.slice(2)}`,
  `section_start:1795165295:step_script\r\x1b[0K${KEY_ID}`,
  'progress 1\r\x1b[0Kprogress 2',
  'a\x1b[0',
  'a\x1b',
  'a\x1b[0 q',
  'a\x7fb',
]) {
  t.test(`Given the line ${JSON.stringify(line)}, then it is looked at closely`, async (t) => {
    t.equal(quietLines.endOf(line, 0), -1);
    t.equal(quietLines.endOf(`${line}\nquiet\n`, 0), -1);
  });
}

t.test('Given any line that is quiet, then no rule finds anything in it and it opens nothing', async (t) => {
  let quiet = 0;
  fc.assert(
    fc.property(traces, (trace) => {
      for (const line of trace.split('\n').filter(isQuiet)) {
        quiet += 1;
        const { text } = viewOf(line, true);
        const index = createLineIndex(text);
        const multiLine = createMultiLine();
        const found = [...scanner.scan(index), ...knownValues.find(index), ...multiLine.line(text)];
        if (found.length > 0 || !multiLine.isSettled()) return false;
      }
      return true;
    }),
    { numRuns: 2_000 },
  );
  t.ok(quiet > 1_000, `${quiet} of them`);
});
