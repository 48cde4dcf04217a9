import { performance } from 'node:perf_hooks';
import t from 'tap';
import { maskSecrets } from '../../src/masking/mask.ts';
import { createMaskedLines } from '../../src/masking/masked-lines.ts';
import { RULES_WITH_ACCOUNTS } from '../../src/masking/rules.ts';
import { KEY_BEGIN, KEY_LINE, stamp } from './samples.ts';

// A megabyte takes up to 0.4 s at the worst of these; what is quadratic takes minutes.
const LENGTH = 1 << 20;
const LIMIT_MS = 5_000;

const PROBES = [
  ...new Set(
    RULES_WITH_ACCOUNTS.flatMap((rule) => rule.literals.flatMap((literal) => [literal, `${literal}a`, `${literal}="`])),
  ),
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
      const startedAt = performance.now();
      run();
      const tookMs = performance.now() - startedAt;
      if (tookMs > slowest.tookMs) slowest = { probe, tookMs };
    };
    for (const probe of PROBES) {
      const text = probe.repeat(Math.ceil(LENGTH / 4 / probe.length));
      measure(probe, () => maskSecrets(text, { known: ['VelvetFalcon9098'] }));
    }
    for (const probe of PROBES.filter((_, number) => number % 4 === 0)) {
      const text = probe.repeat(Math.ceil(LENGTH / probe.length));
      measure(probe, () => {
        const lines = createMaskedLines();
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
