import t from 'tap';
import type { LedgerEntryJson } from '../../../src/routes/schemas/ledger.ts';
import { browserModule } from './browser-module.ts';
import { ledgerEntry } from './sample-entry.ts';

type Entry = LedgerEntryJson;
interface Scale {
  median(values: readonly number[]): number | null;
  upSeconds(entry: Entry): number;
  widestSeconds(entries: readonly Entry[]): number;
  sharesOf(entry: Entry, widest: number): { up: number; live: number; down: number };
  medianUpSeconds(entries: readonly Entry[]): number | null;
}
const { median, upSeconds, widestSeconds, sharesOf, medianUpSeconds } = await browserModule<Scale>('ledger-scale.js');

const lived = ledgerEntry({ deploy_seconds: 600, live_seconds: 1_200, destroy_seconds: 200, total_seconds: 2_000 });
const failed = ledgerEntry({
  outcome: 'failed',
  deploy_seconds: null,
  live_seconds: null,
  destroy_seconds: 100,
  total_seconds: 400,
});

t.test('given values, when their middle is asked for, then it is the middle one or between the two', async (t) => {
  t.strictSame([median([]), median([5]), median([9, 1]), median([3, 1, 2])], [null, 5, 5, 2]);
});

t.test(
  'given runs, when they are drawn, then the longest fills the width and the others are in proportion',
  async (t) => {
    t.equal(widestSeconds([failed, lived]), 2_000);
    t.strictSame(sharesOf(lived, 2_000), { up: 30, live: 60, down: 10 });
    t.strictSame(sharesOf(failed, 2_000), { up: 15, live: 0, down: 5 });
    t.equal(widestSeconds([]), 1, 'and nothing is divided by nothing');
  },
);

t.test('given a run that was never live, when it is drawn, then its way up is what was spent in vain', async (t) => {
  t.equal(upSeconds(failed), 300);
  t.equal(upSeconds({ ...failed, total_seconds: 50 }), 0);
  t.equal(medianUpSeconds([failed, lived]), 600, 'and it does not count for how long it takes to be live');
  t.equal(medianUpSeconds([failed]), null);
});
