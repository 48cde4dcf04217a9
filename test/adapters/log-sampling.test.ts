import t from 'tap';
import { FULL_BYTES, leftOutLines, SAMPLE_EVERY, sampleLine } from '../../src/adapters/log-sampling.ts';

t.test('Given a log below the limit, when a line comes, then it is kept and counted with its newline', async (t) => {
  t.same(sampleLine({ keptBytes: 0, leftOut: 0 }, 'grün'), {
    lines: ['grün'],
    sampling: { keptBytes: 6, leftOut: 0 },
  });
  t.same(sampleLine({ keptBytes: FULL_BYTES - 1, leftOut: 0 }, 'last').lines, ['last'], 'one byte below');
  t.same(sampleLine({ keptBytes: FULL_BYTES, leftOut: 0 }, 'first').lines, [], 'at the limit');
});

t.test('Given a log beyond it, when lines come, then every tenth is kept, behind a line that says so', async (t) => {
  let sampling = { keptBytes: FULL_BYTES, leftOut: 0 };
  const kept: string[] = [];
  for (let line = 1; line <= 25; line += 1) {
    const sampled = sampleLine(sampling, `line ${line}`);
    kept.push(...sampled.lines);
    sampling = { ...sampled.sampling };
  }
  t.same(kept, ['[9 lines left out]', 'line 10', '[9 lines left out]', 'line 20']);
  t.same(sampling, { keptBytes: FULL_BYTES + kept.join('\n').length + 1, leftOut: 5 });
  t.same(leftOutLines(sampling), ['[5 lines left out]']);
});

t.test('Given what was left out, when the log ends, then it says how many lines, if any', async (t) => {
  t.same(leftOutLines({ keptBytes: 0, leftOut: 0 }), []);
  t.same(leftOutLines({ keptBytes: 0, leftOut: 1 }), ['[1 line left out]']);
  t.same(leftOutLines({ keptBytes: 0, leftOut: SAMPLE_EVERY - 1 }), ['[9 lines left out]']);
});
