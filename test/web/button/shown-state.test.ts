import t from 'tap';
import { CREATED_AT, IDLE, runView, stage, type View } from '../page/sample-view.ts';
import { permalinkOf, SERVER, SIMULATED, shown } from './shown-button.ts';

const MINUTE_MS = 60_000;
const after = (minutes: number): string => new Date(CREATED_AT + minutes * MINUTE_MS).toISOString();
const at = (minutes: number): number => CREATED_AT + minutes * MINUTE_MS;
const wordsAt = (view: View, minutes: number): string => shown({ view }, at(minutes)).words;

const ID = String(runView({}).id);
const OWN = { id: ID, token: 'a/token+of=mine', startedAt: CREATED_AT };
const PERMALINK = `${SERVER}/d/${ID}`;

t.test(
  'given nothing runs, when the button is shown, then it can be pressed and says what becomes of it',
  async (t) => {
    t.match(shown({}), { kind: 'ready', mood: 'good', link: null, more: null, progress: null });
    t.equal(shown({}).words, 'Ready. Real infrastructure, gone again after 1 h.');
    t.match(shown({ facts: SIMULATED }).words, /nothing real is built/);
  },
);

t.test('given no answer yet or none any more, when it is shown, then its link to the page works', async (t) => {
  const asking = shown({ view: null, label: 'My demo' });
  t.match(asking, { kind: 'asking', link: { label: 'My demo', href: `${SERVER}/` } });
  const lost = { kind: 'offline', mood: 'rest', link: { href: `${SERVER}/` } };
  t.match(shown({ view: null, isLost: true }), lost);
  t.match(shown({ view: runView({ status: 'live' }), isLost: true }), lost, 'what was live may be gone');
});

const BUILDING = runView({
  status: 'deploying',
  reason: 'building',
  eta: { earliest: after(24), likely: after(28), latest: after(33) },
  stages: [stage({ state: 'running', started_at: after(0), expected_seconds: 1200 })],
});

t.test(
  'given a demo on its way, when the clock goes on, then it says when it is ready and never a past time',
  async (t) => {
    t.equal(wordsAt(BUILDING, 10), 'Busy: a demo is being built, ready ~14:30.');
    t.equal(wordsAt(BUILDING, 28 - 1 / 60), 'Busy: a demo is being built, ready ~14:30.');
    t.equal(wordsAt(BUILDING, 28), 'Busy: a demo is being built, ready by 14:35.');
    t.equal(wordsAt(BUILDING, 33), 'Busy: a demo is being built, taking longer than the runs before it.');
    t.equal(wordsAt({ ...BUILDING, eta: null }, 10), 'Busy: a demo is being built.', 'without runs nothing is made up');
    t.match(wordsAt({ ...BUILDING, status: 'queued' }, 1), /^Busy: a demo waits for a build machine, ready ~14:30\.$/);
    t.match(wordsAt({ ...BUILDING, reason: 'checking_link' }, 20), 'Busy: a demo is built; checking that it answers.');
    const short = { ...BUILDING, eta: { earliest: after(1), likely: after(1.5), latest: after(2) } };
    t.equal(wordsAt(short, 1), 'Busy: a demo is being built, ready ~14:03:30.', 'where seconds matter they are said');
  },
);

t.test('given a demo on its way, when it is shown, then a stranger joins and its starter has his token', async (t) => {
  const stranger = shown({ view: BUILDING }, at(10));
  t.match(stranger, { kind: 'building', mood: 'busy', progress: 0.5 });
  t.same(stranger.link, { label: 'Join and watch', href: PERMALINK });
  const own = shown({ view: BUILDING, own: OWN }, at(10));
  t.match(own.words, /^Your demo is being built/);
  t.same(own.link, { label: 'Watch it being built', href: `${PERMALINK}#token=a%2Ftoken%2Bof%3Dmine` });
  const other = shown({ view: BUILDING, own: { ...OWN, id: 'another' } }, at(10));
  t.match(other, { kind: 'starting', link: { href: `${SERVER}/d/another#token=a%2Ftoken%2Bof%3Dmine` } });
});

t.test(
  'given a press, when it is on its way and then not known yet, then the button says that it starts',
  async (t) => {
    t.match(shown({ isStarting: true }), { kind: 'starting', words: 'Starting …', link: null });
    t.match(shown({ own: OWN }), { kind: 'starting', words: 'Your demo is starting …', link: { href: /#token=/ } });
  },
);

const LIVE = runView({
  status: 'live',
  reason: 'healthy',
  live_url: 'https://x.demo.example/',
  expires_at: after(90),
});

t.test('given a live demo, when it is shown, then it opens, with the time that is left', async (t) => {
  const state = shown({ view: LIVE, own: OWN }, at(49));
  t.match(state, { kind: 'live', mood: 'good', words: 'Live, 41 min left.' });
  t.same(state.link, { label: 'Open the live demo', href: 'https://x.demo.example/' });
  t.match(state.more, { label: 'How it was built', href: /#token=/ });
  t.equal(wordsAt(LIVE, 88.5), 'Live, 1 min 30 s left.');
  t.equal(wordsAt(LIVE, 95), 'Live, 0 s left.', 'never below nothing');
});

t.test(
  'given a live demo whose link is withheld or no web address, when it is shown, then it is not linked',
  async (t) => {
    for (const url of [null, 'javascript:alert(1)', 'data:text/html,x', '//evil.example', ' https://x', '']) {
      const state = shown({ view: { ...LIVE, live_url: url } }, at(49));
      t.match(state, { kind: 'live', mood: 'trouble', more: null }, String(url));
      t.equal(state.link?.href, PERMALINK);
    }
  },
);

t.test('given a way down, when it is shown, then it says so and leads to the proof', async (t) => {
  const falling = shown({ view: runView({ status: 'destroying', reason: 'expired' }) });
  t.match(falling, { kind: 'falling', mood: 'busy', words: /^Being taken down/, link: { href: PERMALINK } });
  const quarantined = shown({ view: runView({ status: 'quarantined', reason: 'expired' }) });
  t.match(quarantined, { kind: 'quarantined', mood: 'trouble', link: { href: PERMALINK } });
});

t.test('given what stops a start, when it is shown, then why and, where known, until when', async (t) => {
  const blocked = (reason: View['blocked_reason'], seconds: number | null, detail: string | null = null) =>
    shown(
      {
        view: {
          ...IDLE,
          can_deploy: false,
          blocked_reason: reason,
          retry_after_seconds: seconds,
          blocked_detail: detail,
        },
        receivedAt: CREATED_AT,
      },
      at(2),
    );
  t.match(blocked('paused', null, 'Back on Monday.'), { kind: 'blocked', mood: 'rest', link: { href: `${SERVER}/` } });
  t.equal(blocked('paused', null, 'Back on Monday.').words, 'Demos are paused by the owner. Back on Monday.');
  t.match(blocked('quota', 3_720).words, /started\. Try again at 15:04, in 1 h\.$/, 'counted from when it was said');
  t.match(blocked('nightly_window', 3_720).words, /too close to the nightly clean-up.*Try again at 15:04/);
  t.match(blocked('budget', 86_400).words, /budget of this month is used up\. Try again at 25 Nov, 14:02/);
});

t.test('given any id and token, when they are put into an address, then they stay in their places', async (t) => {
  const url = new URL(permalinkOf(SERVER, '../x?y#z', 'a&b#c'));
  t.equal(url.origin, SERVER);
  t.equal(url.pathname, '/d/..%2Fx%3Fy%23z');
  t.equal(new URLSearchParams(url.hash.slice(1)).get('token'), 'a&b#c');
  t.equal(new URL(permalinkOf(SERVER, 'x', null)).hash, '');
});
