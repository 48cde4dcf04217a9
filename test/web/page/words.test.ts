import t from 'tap';
import { browserModule } from './browser-module.ts';
import { CREATED_AT, IDLE, RECEIPT, runView, stage, type View } from './sample-view.ts';

interface Words {
  headingOf(view: View): string;
  detailOf(view: View, context: { now: number; deployDeadlineSeconds: number }): string;
  readyWords(view: View, now: number): string | null;
  reasonWords(reason: View['reason']): string;
}

const { headingOf, detailOf, readyWords } = await browserModule<Words>('words.js');

const MINUTE_MS = 60_000;
const after = (minutes: number): string => new Date(CREATED_AT + minutes * MINUTE_MS).toISOString();
const detailAt = (view: View, minutes: number): string =>
  detailOf(view, { now: CREATED_AT + minutes * MINUTE_MS, deployDeadlineSeconds: 45 * 60 });

t.test('given each state, when the page names it, then its heading says it in words', async (t) => {
  const cases: readonly (readonly [Partial<View>, string])[] = [
    [{ status: 'queued', reason: 'waiting_for_runner' }, 'Waiting for a build machine'],
    [{ status: 'deploying', reason: 'building' }, 'Building'],
    [{ status: 'deploying', reason: 'checking_link' }, 'Built; checking that it answers'],
    [{ status: 'live', reason: 'healthy' }, 'Live'],
    [{ status: 'live', reason: 'link_not_answering' }, 'Live, but its link does not answer'],
    [{ status: 'destroying', reason: 'expired' }, 'Taking it down'],
    [{ status: 'quarantined', reason: 'expired' }, 'Not yet proven gone'],
    [{ status: 'idle', reason: 'expired', receipt: RECEIPT }, 'Gone, and proven so'],
    [
      { status: 'idle', reason: 'deploy_failed', receipt: { ...RECEIPT, outcome: 'failed' } },
      'It failed, and everything is gone',
    ],
    [
      { status: 'idle', reason: 'visitor', receipt: { ...RECEIPT, outcome: 'failed' } },
      'Stopped on its way up, and gone',
    ],
    [{ status: 'idle', reason: 'owner', receipt: RECEIPT }, 'Gone, and proven so'],
    [{ status: 'idle', reason: 'arm_failed', receipt: { ...RECEIPT, outcome: 'never_built' } }, 'Nothing was built'],
  ];
  t.equal(headingOf(IDLE), 'Nothing is running');
  for (const [change, heading] of cases) t.equal(headingOf(runView(change)), heading);
});

const building = runView({
  status: 'deploying',
  reason: 'building',
  eta: { earliest: after(24), likely: after(27), latest: after(31) },
});

t.test('given a run with an estimate, when it is on its way, then start and range are said', async (t) => {
  t.equal(detailAt(building, 5), 'Started 14:02, likely ready 14:26–14:33.');
});

t.test('given a run inside its estimate, when the earliest time has passed, then the range begins now', async (t) => {
  t.equal(readyWords(building, CREATED_AT + 28 * MINUTE_MS), 'likely ready 14:30–14:33');
  t.equal(readyWords(building, CREATED_AT + 31 * MINUTE_MS - 1), 'likely ready 14:32–14:33');
});

t.test('given a run past its estimate, when it goes on, then the page says so and when it is given up', async (t) => {
  t.equal(
    detailAt(building, 31),
    'Started 14:02, longer than nearly every run so far; it is stopped at 14:47 if not live by then.',
  );
});

t.test('given a run of less than ten minutes, when it is on its way, then seconds are said', async (t) => {
  const fast = { ...building, eta: { earliest: after(1), likely: after(1.5), latest: after(9.99) } };
  t.match(detailAt(fast, 0.5), /^Started 14:02:00, likely ready 14:03:00–14:11:59\.$/);
  const slow = { ...building, eta: { earliest: after(1), likely: after(1.5), latest: after(10) } };
  t.equal(detailAt(slow, 0.5), 'Started 14:02, likely ready 14:03–14:12.');
});

t.test('given too few runs for an estimate, when one is on its way, then none is made up', async (t) => {
  t.equal(readyWords(runView({ status: 'queued' }), CREATED_AT), null);
  t.equal(detailAt(runView({ status: 'queued' }), 1), 'Started 14:02, no estimate yet: too few runs so far.');
});

t.test('given a live run, when its link fails, then the page says since when it is withheld', async (t) => {
  const live = runView({
    status: 'live',
    reason: 'healthy',
    live_at: after(25),
    live_url: 'https://demo.example.com/',
  });
  t.equal(detailAt(live, 30), 'Live since 14:27.');
  const failing = runView({ status: 'live', live_at: after(25), link_failing_since: after(30), live_url: null });
  t.equal(detailAt(failing, 31), 'It has not answered since 14:32, so the link is withheld until it does.');
});

t.test('given a run on its way down, when its pipeline has ended, then only the proof is missing', async (t) => {
  const destroying = (state: 'running' | 'succeeded') =>
    runView({
      status: 'destroying',
      reason: 'expired',
      stages: [stage({ state: 'failed' }), stage({ name: 'destroy', direction: 'destroy', state })],
    });
  t.match(detailAt(destroying('running'), 90), /^Because its time was up\. It counts as gone only when two looks/);
  t.match(detailAt(destroying('succeeded'), 90), /^Because its time was up\. It is destroyed; now two looks/);
});

t.test('given a run that is gone, when it is shown, then it says why', async (t) => {
  const gone = runView({ reason: 'nightly', receipt: RECEIPT });
  t.equal(detailAt(gone, 90), 'It was taken down because the nightly clean-up takes everything down.');
  t.match(detailAt(runView({ status: 'quarantined', reason: 'expired' }), 90), /owner has been told/);
  t.match(detailAt(IDLE, 0), /^Press the button/);
});
