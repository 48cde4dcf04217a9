import process from 'node:process';
import t from 'tap';
import { maskSecrets } from '../../src/masking/mask.ts';
import { createMaskedLines } from '../../src/masking/masked-lines.ts';
import { RULES_WITH_ACCOUNTS } from '../../src/masking/rules.ts';
import { KEY_BEGIN, KEY_LINE, stamp } from './samples.ts';

// A megabyte takes up to 0.5 s of processor time at the worst of these; what is quadratic takes minutes. Processor time
// does not depend on what else the machine does.
const LENGTH = 1 << 20;
// More than one window, which is enough for what is quadratic inside a window to stand out.
const MEDIUM_LENGTH = 140_000;
const SHORT_LENGTH = 70_000;
const LIMIT_MS = 5_000;

const LITERALS = [...new Set(RULES_WITH_ACCOUNTS.flatMap((rule) => rule.literals))];

const HARDEST = 8;

const PROBES = [
  // These take longest and are run over a whole megabyte.
  'password=',
  'token:',
  'eyJ',
  '://a:b@',
  'a@a.b',
  '"',
  `${KEY_BEGIN}\\n`,
  'password: |\n  a\n',
  // The rest.
  'token=',
  ...'"\'`[{(<-\\=:;,&|@./ \t\n\r\x1b0aA+名'.split(''),
  '://a:',
  '://a:b@',
  'http://a@',
  'a@a.b',
  'eyJa.',
  'AKIAA',
  '\\"',
  '\\\\"',
  'password\\"',
  "'password=",
  'password= ',
  'password=;a',
  'token=a1,',
  'token=[MASKED]',
  '[MASKED]',
  '[MASKED',
  `${KEY_BEGIN}`,
  `${KEY_BEGIN}\\n`,
  `${KEY_BEGIN}\n`,
  `${KEY_BEGIN}\n${KEY_LINE}\n`,
  `${KEY_BEGIN}${KEY_LINE}`,
  '-----BEGIN ',
  '-----END ',
  '\x1b[',
  '\x1b[0',
  '\x1b[0m',
  '\x1b]',
  '\x1b]8;;',
  'section_start:1:',
  'section_start:1:a',
  'section_start:1:a\r\x1b[0K',
  stamp(),
  stamp('+'),
  `${stamp()}\n`,
  `${stamp('+')}\n`,
  `a\n${stamp('+')}`,
  'name: token\n',
  'data:\n  a: b\n',
  'kind: Secret\n',
  '"kind":"Secret","data":{',
  '"data":{"a":"b",',
  'password: |\n  a\n',
  'token <<EOF\n',
  'password = "a" -> ',
];

t.test(
  'Given a megabyte of what a pattern could stumble over, when it is masked, then it takes no longer than other text',
  async (t) => {
    let slowest = { probe: '', tookMs: 0 };
    const measure = (probe: string, run: () => void): void => {
      const before = process.cpuUsage();
      run();
      const tookMs = process.cpuUsage(before).user / 1_000;
      if (tookMs > slowest.tookMs) slowest = { probe, tookMs };
    };
    const repeated = (probe: string, length: number): string => probe.repeat(Math.ceil(length / probe.length));
    for (const probe of LITERALS.flatMap((literal) => [literal, `${literal}="a`])) {
      const text = repeated(probe, SHORT_LENGTH);
      measure(probe, () => maskSecrets(text));
    }
    for (const [number, probe] of PROBES.entries()) {
      const text = repeated(probe, number < HARDEST ? LENGTH : MEDIUM_LENGTH);
      measure(probe, () => maskSecrets(text));
      measure(probe, () => {
        const lines = createMaskedLines({ known: ['VelvetFalcon9098'] });
        lines.write(text);
        lines.end();
      });
    }
    t.ok(
      slowest.tookMs < LIMIT_MS,
      `the slowest was ${JSON.stringify(slowest.probe)} with ${Math.round(slowest.tookMs)} ms`,
    );
  },
);
