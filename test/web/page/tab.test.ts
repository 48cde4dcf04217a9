import t from 'tap';
import { browserModule } from './browser-module.ts';
import { CREATED_AT, IDLE, RECEIPT, runView, type View } from './sample-view.ts';

interface Tab {
  titleOf(view: View, context: { now: number; progress: number }): string;
}
const { titleOf } = await browserModule<Tab>('tab.js');

const MINUTE_MS = 60_000;
const after = (minutes: number): string => new Date(CREATED_AT + minutes * MINUTE_MS).toISOString();
const titleAt = (view: View, minutes: number, progress = 0.62) =>
  titleOf(view, { now: CREATED_AT + minutes * MINUTE_MS, progress }).replaceAll('\u00a0', ' ');

t.test('given a run on its way, when the tab is read, then it says how far and how long', async (t) => {
  const eta = { earliest: after(24), likely: after(27), latest: after(31) };
  const building = runView({ status: 'deploying', reason: 'building', eta });
  t.equal(titleAt(building, 18.5), '62 %, 9 min – Building');
  t.equal(titleAt(building, 26.99), '62 %, 1 min – Building');
  t.equal(titleAt(building, 27), '62 % – Building', 'past the estimate there is none');
  t.equal(titleAt({ ...building, eta: null }, 5), '62 % – Building');
});

t.test('given a run that is live, when the tab is read, then it says how long it stays', async (t) => {
  const live = runView({ status: 'live', reason: 'healthy', expires_at: after(100) });
  t.equal(titleAt(live, 59.5), 'Live, 41 min left');
  t.equal(titleAt(live, 99.9), 'Live, 1 min left');
});

t.test('given any other state, when the tab is read, then it is its heading', async (t) => {
  t.equal(titleAt(IDLE, 0), 'Nothing is running');
  t.equal(titleAt(runView({ reason: 'expired', receipt: RECEIPT, expires_at: after(1) }), 90), 'Gone, and proven so');
});
