import { readFileSync } from 'node:fs';
import t from 'tap';
import { DemoError } from '../../src/lifecycle/errors.ts';
import { type BlockedReason, idleView, type PublicView } from '../../src/lifecycle/view.ts';
import { badgeState } from '../../src/routes/badge.ts';
import { BADGE_COLOURS, drawBadge } from '../../src/routes/badge-drawing.ts';
import { deploymentJson } from '../../src/routes/view-json.ts';
import { buildTestApp } from '../fakes/http-app.ts';
import { sampleRecord } from '../fakes/sample-records.ts';
import { shown } from '../web/button/shown-button.ts';

const ID = '01930000-0000-7000-8000-000000000001';
const AT = Date.parse('2026-11-24T13:02:00Z');
const MINUTE_MS = 60_000;
const MOST_BYTES = 1_500;

const view = (change: Partial<PublicView>): PublicView => ({ ...idleView(null, AT), id: ID, createdAt: AT, ...change });
const blocked = (reason: BlockedReason): PublicView => idleView({ reason, until: null, detail: null }, AT);
const eta = { earliest: AT + 24 * MINUTE_MS, likely: AT + 28 * MINUTE_MS, latest: AT + 33 * MINUTE_MS };
const live = { status: 'live', reason: 'healthy', liveUrl: 'https://x/', expiresAt: AT + 88 * MINUTE_MS } as const;

const CASES: readonly (readonly [PublicView, string, string])[] = [
  [idleView(null, AT), 'ready', 'good'],
  [blocked('paused'), 'paused by the owner', 'rest'],
  [blocked('budget'), 'paused, budget used up', 'rest'],
  [blocked('preflight'), 'not available right now', 'rest'],
  [blocked('quota'), 'enough for today', 'rest'],
  [blocked('nightly_window'), 'paused for the nightly clean-up', 'rest'],
  [view({ status: 'queued', reason: 'waiting_for_runner' }), 'busy', 'busy'],
  [view({ status: 'deploying', reason: 'building', eta }), 'busy, ready ~13:30 UTC', 'busy'],
  [view({ status: 'deploying', eta, elapsedSeconds: 29 * 60 }), 'busy, ready by 13:35 UTC', 'busy'],
  [view({ status: 'deploying', eta, elapsedSeconds: 33 * 60 }), 'busy, taking longer than usual', 'busy'],
  [view(live), 'live until 14:30 UTC', 'good'],
  [view({ ...live, liveUrl: null }), 'live, but not answering', 'trouble'],
  [view({ status: 'destroying', reason: 'expired' }), 'being taken down', 'busy'],
  [view({ status: 'quarantined', reason: 'expired' }), 'not yet proven gone', 'trouble'],
];

t.test('Given each state, When the badge names it, Then in words and in the colour of the button', async (t) => {
  for (const [state, words, mood] of CASES) {
    t.same(badgeState(state), { words, mood });
    const button = shown({ view: deploymentJson(state), receivedAt: AT }, AT);
    t.equal(button.mood, mood, `${words}: as the button`);
    const svg = drawBadge(words, badgeState(state).mood);
    t.ok(Buffer.byteLength(svg) < MOST_BYTES, `${words}: ${Buffer.byteLength(svg)} bytes`);
    t.match(svg, `<title>live demo: ${words}</title>`);
  }
});

const luminance = (colour: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((from) => {
    const share = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

t.test(
  'Given its colours, When white words stand on them, Then they can be read, and the button has them',
  async (t) => {
    const css = readFileSync(new URL('../../src/web/button/button.css', import.meta.url), 'utf8');
    for (const [name, colour] of Object.entries(BADGE_COLOURS)) {
      t.ok(1.05 / (luminance(colour) + 0.05) >= 4.5, name);
      t.match(css, colour, name);
    }
  },
);

const numbers = (svg: string, pattern: RegExp): number[] =>
  [...svg.matchAll(pattern)].map(([, found]) => Number(found));

t.test('Given texts, When they are drawn, Then each has its room, and nothing of it becomes markup', async (t) => {
  const width = (svg: string): number => numbers(svg, /^<svg [^>]*? width="(\d+)"/g)[0] ?? 0;
  for (const words of ['', 'i', 'WWWW', 'busy, ready ~13:30 UTC', 'live until 14:30 UTC']) {
    const svg = drawBadge(words, 'good');
    const [labelLength = 0, wordsLength = 0] = numbers(svg, /textLength="(\d+)"/g);
    t.equal(width(svg), labelLength + wordsLength + 28, words);
  }
  t.ok(width(drawBadge('WWWW', 'good')) > width(drawBadge('iiii', 'good')));
  const hostile = drawBadge('<script>"&\'</script>', 'rest');
  t.notMatch(hostile, /<script|"&'/);
  t.match(hostile, '&#60;script&#62;');
});

t.test(
  'Given a server, When its badge is asked for, Then it is a picture for everyone and for half a minute',
  async (t) => {
    const { app, demo } = await buildTestApp(t);
    const { statusCode, headers, body } = await app.inject('/badge.svg');
    t.equal(statusCode, 200);
    t.match(headers, {
      'content-type': 'image/svg+xml',
      'cache-control': 'public, max-age=30',
      'cross-origin-resource-policy': 'cross-origin',
      'content-security-policy': /^default-src 'none';.* sandbox$/,
      'x-content-type-options': 'nosniff',
      etag: /^"[\w-]{22}"$/,
    });
    t.match(body, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]*role="img" aria-label="live demo: ready">/);
    t.match(body, /<\/svg>$/);
    t.notMatch(body, /<(?:script|style|a|image|foreignObject)\b|\bon\w+=|href=/);

    const etag = String(headers.etag);
    const again = await app.inject({ url: '/badge.svg', headers: { 'if-none-match': etag } });
    t.equal(again.statusCode, 304);
    t.equal(again.body, '');
    const head = await app.inject({ method: 'HEAD', url: '/badge.svg' });
    t.equal(head.body, '');
    t.equal(head.headers.etag, etag);

    demo.active = sampleRecord(ID);
    const changed = await app.inject({ url: '/badge.svg', headers: { 'if-none-match': etag } });
    t.equal(changed.statusCode, 200);
    t.match(changed.body, 'live demo: busy');
  },
);

t.test('Given a store that is down, When the badge is asked for, Then it says so and is not kept', async (t) => {
  const { app, demo, lines } = await buildTestApp(t);
  demo.failure = new DemoError('STORE_UNAVAILABLE');
  const { statusCode, headers, body } = await app.inject('/badge.svg');
  t.equal(statusCode, 200, 'a missing picture tells nobody anything');
  t.match(body, 'live demo: state unknown');
  t.equal(headers['cache-control'], 'no-cache');
  t.match(lines, [{ msg: 'request.unavailable', level: 'warn' }]);
});

t.test(
  'Given a crowd, When it asks for the badge, Then the shared view is asked, and only that of what runs',
  async (t) => {
    const { app, demo } = await buildTestApp(t);
    const asked: unknown[] = [];
    const views = demo.views as { -readonly [Name in keyof typeof demo.views]: (typeof demo.views)[Name] };
    const { view: read } = views;
    views.view = async (target) => {
      asked.push(target);
      return read(target);
    };
    await Promise.all(Array.from({ length: 20 }, () => app.inject('/badge.svg')));
    t.same(new Set(asked.map((target) => JSON.stringify(target))), new Set(['{"kind":"current"}']));
    t.same(demo.starts, []);
  },
);
