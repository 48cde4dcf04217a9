const SUMMARY = /^# \{ (total: \d+(?:, \w+: \d+)*) \}$/gm;

/**
 * What a run of tap counted, from its raw output: the last line of the form "# { total: 3, pass: 2, fail: 1 }". Null
 * when there is none, because the run was cut off or never started.
 */
export const totalsOf = (text) => {
  const summary = [...text.matchAll(SUMMARY)].at(-1)?.[1];
  if (summary === undefined) return null;
  const counts = Object.fromEntries(summary.split(', ').map((part) => part.split(': ')));
  const count = (name) => Number(counts[name] ?? 0);
  const bailed = /^Bail out!/m.test(text) ? 1 : 0;
  return { passed: count('pass'), failed: Math.max(count('fail'), bailed), skipped: count('skip') + count('todo') };
};

/** "2 passed, 1 failed", and how many were skipped if any were. */
export const totalsText = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
