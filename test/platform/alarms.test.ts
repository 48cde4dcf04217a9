import { readFileSync } from 'node:fs';
import t from 'tap';
import { codeOf, contentsOf, readPlatform } from './hcl.ts';

const CODE = codeOf(readPlatform());
const RUNBOOK = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

const EVENT_ALARMS = new Map(
  [...contentsOf(CODE, 'event_alarms').matchAll(/^\s*([a-z-]+)\s*=\s*\{[^\n]*events = \[([^\]]*)\]/gm)].map(
    ([, alarm = '', events = '']) => [alarm, [...events.matchAll(/"([^"]+)"/g)].map(([, event = '']) => event)],
  ),
);
const METRIC_ALARMS = [...contentsOf(CODE, 'metric_alarms').matchAll(/^\s*([a-z0-9-]+)\s*=\s*\{\s*$\s*about/gm)].map(
  ([, alarm = '']) => alarm,
);

const tableAfter = (heading: string): string => {
  const at = RUNBOOK.indexOf(heading);
  if (at < 0) throw new Error(`no table "${heading}"`);
  return RUNBOOK.slice(at).split('\n\n')[0] ?? '';
};

/** A run of a job that ends with errors leaves a dead letter, which has its own alarm. */
const TOLD_BY_ANOTHER = ['job.completed'];

t.test('Given every event that asks for a person, when the alarms are read, then one rings for it', async (t) => {
  const rows = [...tableAfter('| event | means | runbook |').matchAll(/^\| (`[\w.`, ]+`)/gm)].map(
    ([, cell = '']) => cell,
  );
  const asking = rows.flatMap((cell) => [...cell.matchAll(/`(\w+\.\w+)`/g)].map(([, event = '']) => event));
  t.ok(asking.length > 20, 'the events were found');
  t.strictSame(
    [...EVENT_ALARMS.values()].flat().toSorted(),
    asking.filter((event) => !TOLD_BY_ANOTHER.includes(event)).toSorted(),
    'each of them once, and no other',
  );
});

t.test('Given every alarm, when the runbook is read, then it has a row', async (t) => {
  const alarms = [...EVENT_ALARMS.keys(), ...METRIC_ALARMS, 'account'];
  t.ok(METRIC_ALARMS.length > 4);
  const rows = [...tableAfter('| alarm | rings when | what to do |').matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(
    ([, alarm = '']) => alarm,
  );
  t.strictSame(rows.toSorted(), alarms.toSorted());
});

t.test('Given the line that the sweep alarm counts, when the code is read, then it is written', async (t) => {
  const job = readFileSync(new URL('../../src/jobs/job.ts', import.meta.url), 'utf8');
  t.match(CODE, String.raw`{ ($.event = \"job.completed\") && ($.job = \"hourly\") }`);
  t.match(job, /'job\.completed', \{\s+job: name,/);
  t.match(job, /JobName = 'hourly' \| 'nightly'/);
});
