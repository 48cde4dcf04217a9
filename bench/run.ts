// What watching costs, in one run on one machine; every figure beside its peer of the same run. Writes bench/results.md.
// npm run bench            or only a part: npm run bench -- reads
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { benchFlood } from './flood.ts';
import { benchGrowth } from './growth.ts';
import { benchRace } from './race.ts';
import { benchReads } from './reads.ts';
import { benchWatchers } from './watchers.ts';

const PARTS = { reads: benchReads, race: benchRace, flood: benchFlood, watchers: benchWatchers, growth: benchGrowth };
const RESULTS = new URL('./results.md', import.meta.url);

const wanted = process.argv.slice(2);
const lines: string[] = [
  '# The last run of `npm run bench`',
  '',
  `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${availableParallelism()} processors.`,
];
const print = (line: string): void => {
  lines.push(line);
  process.stdout.write(`${line}\n`);
};

for (const [name, bench] of Object.entries(PARTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  print(`\n## ${name}\n`);
  await bench(print);
}
if (wanted.length === 0) writeFileSync(RESULTS, `${lines.join('\n')}\n`);
