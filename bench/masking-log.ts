import { encodeLines } from '../src/local/gitlab-simulator/trace/encode-lines.ts';
import type { ScriptRecipe } from '../src/local/gitlab-simulator/trace/script.ts';
import { writeScript } from '../src/local/gitlab-simulator/trace/write-script.ts';

const JOBS: readonly ScriptRecipe['job'][] = ['plan', 'apply', 'verify', 'destroy', 'inventory'];
const DAWN = Date.parse('2026-05-04T09:12:33Z');

const recipeOf = (job: ScriptRecipe['job'], seed: number): ScriptRecipe => ({
  job,
  deploymentId: `01936e5a-7b1c-7c3d-9e8f-${String(seed).padStart(12, '0')}`,
  seed,
  jobId: seed,
  pipelineId: seed,
  ref: 'v1',
  sha: 'a'.repeat(40),
  liveUrl: 'https://demo.example.com/',
  present: [],
  deleting: [],
  unrecorded: [],
  breaksLock: false,
  outcome: { kind: 'success' },
  interruption: null,
});

/** A log of that length as the simulator writes it: the jobs of one run after the other. */
export const writeLog = (characters: number): string => {
  const parts: string[] = [];
  let length = 0;
  for (let seed = 1; length < characters; seed += 1) {
    for (const job of JOBS) {
      const { lines } = writeScript(recipeOf(job, seed));
      const text = encodeLines(lines, { from: 0, wallAt: (ms) => DAWN + ms, classic: false }).toString();
      parts.push(text);
      length += text.length;
    }
  }
  return parts.join('').slice(0, characters);
};
