import fc from 'fast-check';
import t from 'tap';
import { sentenceOf, slackEscaped } from '../../src/adapters/notice-sentence.ts';
import { messageOf } from '../../src/adapters/webhook-message.ts';
import type { DownReason } from '../../src/lifecycle/deployment.ts';
import type { Notice } from '../../src/lifecycle/notice.ts';
import { ALL_NOTICES, NOTICE_AT, NOTICES } from '../fakes/sample-notices.ts';

const pageOf = (id: string): string => `https://demo.example.com/d/${id}`;
const PAGE = pageOf(NOTICES.started.deploymentId);
const SENT_AT = NOTICE_AT + 1_500;

const sent = (notice: Notice): Record<string, unknown> =>
  JSON.parse(messageOf({ id: 'id-1', notice }, SENT_AT, pageOf));
const said = (notice: Notice): string => sentenceOf(notice, pageOf);

t.test('Given each kind, when it is put into words, then they are these', async (t) => {
  t.same(ALL_NOTICES.map(said), [
    `Somebody pressed the button on https://cv.example.com/resume, and a demo is being built: ${PAGE}`,
    `The demo is live at https://a.demo.example.com/ until 2026-11-20 10:41 UTC: ${PAGE}`,
    `The demo failed and is being taken down, because its pipeline failed: ${PAGE}`,
    `The demo could not be destroyed, goes on costing money and is tried again (left: cluster demo-000000000001, eip <1> & 2): ${PAGE}`,
    `The demo is proven gone and has cost $0.20; it ended because its time was over: ${PAGE}`,
    `Something of a demo without a record exists and may cost money, seen 2 times: ${PAGE}`,
    'The nightly job is silent: it was last completed for 2026-11-19 09:41 UTC.',
  ]);
});

t.test('Given something is not known, when it is put into words, then they do not pretend', async (t) => {
  t.same(
    [
      said({ ...NOTICES.started, referringPage: null }),
      said({ ...NOTICES.live, expiresAt: null }),
      said({ ...NOTICES.quarantined, leftovers: [] }),
      said({ ...NOTICES.orphan, sightings: 1 }),
      said({ ...NOTICES.job_silent, lastCompletedSlot: null }),
    ],
    [
      `Somebody pressed the button, and a demo is being built: ${PAGE}`,
      `The demo is live at https://a.demo.example.com/: ${PAGE}`,
      `The demo could not be destroyed, goes on costing money and is tried again (what is left is not known): ${PAGE}`,
      `Something of a demo without a record exists and may cost money, seen once: ${PAGE}`,
      'The nightly job is silent: it has never been completed.',
    ],
  );
});

t.test('Given every reason to go down, when it is put into words, then it has words of its own', async (t) => {
  const reasons: Readonly<Record<DownReason, true>> = {
    visitor: true,
    owner: true,
    expired: true,
    hard_end: true,
    nightly: true,
    not_started: true,
    deploy_failed: true,
    deploy_timeout: true,
    deploy_unknown: true,
    not_live: true,
    unhealthy: true,
    auto_stop: true,
    arm_failed: true,
    preflight_failed: true,
    adopted_orphan: true,
  };
  const texts = Object.keys(reasons).map((reason) => said({ ...NOTICES.gone, reason: reason as DownReason }));
  t.equal(new Set(texts).size, texts.length);
  for (const text of texts) t.notMatch(text, /undefined|null|_/);
});

t.test('Given each kind, when it is sent, then these are its fields and no others', async (t) => {
  const common = { id: 'id-1', sent_at: '2026-11-20T09:41:31.500Z', at: '2026-11-20T09:41:30.000Z' };
  const ofDemo = { ...common, deployment_id: NOTICES.started.deploymentId, page: PAGE };
  const fields = ALL_NOTICES.map((notice) => {
    const { text, ...others } = sent(notice);
    t.equal(text, slackEscaped(said(notice)));
    return others;
  });
  t.same(fields, [
    { event: 'started', ...ofDemo, referring_page: 'https://cv.example.com/resume' },
    { event: 'live', ...ofDemo, url: 'https://a.demo.example.com/', expires_at: '2026-11-20T10:41:30.000Z' },
    { event: 'failed', ...ofDemo, reason: 'deploy_failed' },
    { event: 'quarantined', ...ofDemo, leftovers: ['cluster demo-000000000001', 'eip <1> & 2'] },
    { event: 'gone', ...ofDemo, reason: 'expired', cost_usd: 0.2 },
    { event: 'orphan', ...ofDemo, sightings: 2 },
    { event: 'job_silent', ...common, job: 'nightly', last_completed_slot: '2026-11-19T09:41:30.000Z' },
  ]);
});

t.test('Given a notice with more in it than its type says, when it is sent, then that stays here', async (t) => {
  for (const notice of ALL_NOTICES) {
    const richer = { ...notice, visitorHash: 'made-up-visitor', controlToken: 'made-up-token' };
    t.notMatch(messageOf({ id: 'id-1', notice: richer }, SENT_AT, pageOf), /made-up/, notice.kind);
  }
});

const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

t.test('Given any text, when it is escaped for Slack, then nothing of it is markup and nothing is lost', async (t) => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('<', '>', '&', '!', '@', '|', 'amp;', 'lt;', 'x', 'é', '\n') }),
      (text) => {
        const escaped = slackEscaped(text);
        return !/[<>]/.test(escaped) && !/&(?!amp;|lt;|gt;)/.test(escaped) && unescaped(escaped) === text;
      },
    ),
  );
  t.equal(
    slackEscaped('<!channel> <https://evil.example|here> & "more"'),
    '&lt;!channel&gt; &lt;https://evil.example|here&gt; &amp; "more"',
  );
});

t.test('Given whatever a stranger or a resource is called, when it is sent, then the text has no markup', async (t) => {
  const anything = fc.string({ unit: 'grapheme', maxLength: 60 });
  const notices = fc.oneof(
    anything.map((referringPage): Notice => ({ ...NOTICES.started, referringPage })),
    anything.map((url): Notice => ({ ...NOTICES.live, url })),
    fc.array(anything, { maxLength: 10 }).map((leftovers): Notice => ({ ...NOTICES.quarantined, leftovers })),
    anything.map((job): Notice => ({ ...NOTICES.job_silent, job })),
  );
  fc.assert(
    fc.property(notices, (notice) => {
      const { text } = sent(notice);
      return typeof text === 'string' && !/[<>]/.test(text) && unescaped(text) === said(notice);
    }),
  );
  t.pass('held for every one');
});
