import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { messageOf, SIGNATURE_HEADER, signatureOf } from '../../src/adapters/webhook-message.ts';
import type { Notice } from '../../src/lifecycle/notice.ts';
import { NOTICES } from '../fakes/sample-notices.ts';

const RUNBOOK = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

const blockOf = (language: string): string => {
  const section = RUNBOOK.slice(RUNBOOK.indexOf('## Telling the owner'));
  const [, code] = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(section) ?? [];
  if (code === undefined) throw new Error(`no ${language} in the section`);
  return code;
};

type IsFromUs = (key: string, header: string, body: string | Uint8Array, now?: number) => boolean;

/** The snippet as a reader would run it: a module of its own, word for word. */
const { isFromUs } = (await import(`data:text/javascript,${encodeURIComponent(blockOf('js'))}`)) as {
  isFromUs: IsFromUs;
};

const KEY = 'made-up-key-of-a-webhook-0123456789';
const NOW = Date.parse('2026-11-20T09:41:30.900Z');
const BODY = '{"text":"Größe & <more>"}';

t.test('Given a signature of ours, when the documented snippet checks it, then it is taken', async (t) => {
  const header = signatureOf(KEY, NOW, BODY);
  t.match(header, /^t=1795167690,v1=[0-9a-f]{64}$/);
  t.equal(isFromUs(KEY, header, BODY, NOW), true);
  t.equal(isFromUs(KEY, header, Buffer.from(BODY), NOW), true, 'bytes as well');
  t.equal(isFromUs(KEY, signatureOf(KEY, Date.now(), BODY), BODY), true, 'by its own clock');
});

t.test('Given anything else, when the documented snippet checks it, then it is refused', async (t) => {
  const header = signatureOf(KEY, NOW, BODY);
  const [time = '', signature = ''] = header.split(',');
  t.equal(isFromUs(`${KEY}x`, header, BODY, NOW), false, 'another key');
  t.equal(isFromUs(KEY, header, `${BODY} `, NOW), false, 'another body');
  t.equal(isFromUs(KEY, `t=1795167691,${signature}`, BODY, NOW), false, 'another time');
  for (const odd of [time, signature, '', 'x', `${time},v1=`, `${time},v1=zz`, `t=x,${signature}`, `${header}00`]) {
    t.equal(isFromUs(KEY, odd, BODY, NOW), false, odd);
  }
});

t.test('Given an old signature, when it is played back, then the snippet takes it for five minutes only', async (t) => {
  const second = Math.floor(NOW / 1_000) * 1_000;
  const header = signatureOf(KEY, second, BODY);
  for (const [offsetMs, isTaken] of [
    [300_000, true],
    [300_001, false],
    [-300_000, true],
    [-300_001, false],
  ] as const) {
    t.equal(isFromUs(KEY, header, BODY, second + offsetMs), isTaken, `${offsetMs} ms`);
  }
});

t.test('Given any key, time and body, when it is signed, then the snippet takes it', async (t) => {
  const keys = fc.string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    minLength: 32,
  });
  const times = fc.integer({ min: 0, max: 4_102_444_800_000 });
  fc.assert(
    fc.property(keys, times, fc.string({ unit: 'grapheme' }), (key, at, body) =>
      isFromUs(key, signatureOf(key, at, body), body, at),
    ),
  );
  t.pass('held for every one');
});

t.test('Given the documented body, when it is compared with a real one, then the fields are the same', async (t) => {
  const documented: Record<string, unknown> = JSON.parse(blockOf('json'));
  const notice: Notice = { ...NOTICES.gone, costUsd: 0.21, deploymentId: String(documented.deployment_id) };
  const real: Record<string, unknown> = JSON.parse(
    messageOf({ id: String(documented.id), notice }, NOW, (id) => `https://demo.example.com/d/${id}`),
  );
  t.same(Object.keys(real), Object.keys(documented));
  const { text, sent_at, at, ...fixed } = documented;
  t.match(real, fixed);
  t.equal(real.text, String(text).replace('0193…', String(documented.deployment_id)));
  t.ok(RUNBOOK.includes(`\`${SIGNATURE_HEADER}: t=`), 'and the header has its name');
});

t.test('Given every kind, when the runbook is searched, then its table has a row for each', async (t) => {
  const rows = [...RUNBOOK.matchAll(/^\| `(\w+)` \| [^|]+ \| [^|]+ \|$/gm)].map(([, kind = '']) => kind);
  t.same(
    Object.keys(NOTICES).filter((kind) => !rows.includes(kind)),
    [],
  );
});
