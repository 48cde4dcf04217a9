import fc from 'fast-check';
import t from 'tap';
import { createMasker, MASK, maskSecrets } from '../../src/masking/mask.ts';
import { cutAt, cutTraces, JWT, KEY_ID, PERSONAL_TOKEN, SECRET_KEY, stamp, traces } from './samples.ts';

function inChunks(chunks: readonly string[], known: readonly string[] = []): string {
  const masker = createMasker({ known });
  return chunks.map((chunk) => masker.write(chunk)).join('') + masker.end();
}

t.test('Given any trace in any chunks, when it is masked, then it comes out as the whole does', async () => {
  fc.assert(
    fc.property(
      cutTraces,
      ({ text, chunks }) => inChunks(chunks, ['known-value-1']) === maskSecrets(text, { known: ['known-value-1'] }),
    ),
    { numRuns: 1500 },
  );
});

t.test('Given any trace, when it is masked twice, then the second time changes nothing', async () => {
  fc.assert(
    fc.property(traces, (text) => {
      const once = maskSecrets(text, { known: ['known-value-1'] });
      return maskSecrets(once, { known: ['known-value-1'] }) === once;
    }),
    { numRuns: 1500 },
  );
});

t.test('Given any trace, when it is masked, then its lines are neither more nor fewer', async () => {
  fc.assert(
    fc.property(traces, (text) => maskSecrets(text).split('\n').length === text.split('\n').length),
    { numRuns: 500 },
  );
});

t.test('Given any text without what a secret is made of, when it is masked, then it is unchanged', async () => {
  fc.assert(fc.property(fc.stringMatching(/^[a-z \n\r\t.]{0,200}$/), (text) => maskSecrets(text) === text));
});

t.test('Given a secret in a raw trace, when the runner has put something inside it', async (t) => {
  const [head, tail] = [SECRET_KEY.slice(0, 17), SECRET_KEY.slice(17)];
  t.test('then a continuation line does not hide it, and the joint stays', async (t) => {
    const trace = `${stamp()}AWS_SECRET_ACCESS_KEY=${head}\n${stamp('+')}${tail} --output text\n`;
    t.equal(maskSecrets(trace), `${stamp()}AWS_SECRET_ACCESS_KEY=${MASK}\n${stamp('+')} --output text\n`);
  });
  t.test('then a continuation in the middle of the key name does not hide it', async (t) => {
    const trace = `${stamp()}AWS_SECRET_ACC\n${stamp('+')}ESS_KEY=${SECRET_KEY}\n`;
    t.equal(maskSecrets(trace), `${stamp()}AWS_SECRET_ACC\n${stamp('+')}ESS_KEY=${MASK}\n`);
  });
  t.test('then two continuations do not hide it', async (t) => {
    const trace = `${stamp()}x ${PERSONAL_TOKEN.slice(0, 3)}\n${stamp('+')}${PERSONAL_TOKEN.slice(3, 9)}\n${stamp('+')}${PERSONAL_TOKEN.slice(9)}\n`;
    t.equal(maskSecrets(trace), `${stamp()}x ${MASK}\n${stamp('+')}\n${stamp('+')}\n`);
  });
  t.test('then colours inside it do not hide it and stay', async (t) => {
    t.equal(
      maskSecrets(`key=\x1b[1m${KEY_ID.slice(0, 6)}\x1b[31m${KEY_ID.slice(6)}\x1b[0m end`),
      `key=\x1b[1m${MASK}\x1b[31m\x1b[0m end`,
    );
    t.equal(
      maskSecrets('\x1b[1mpass\x1b[0mword\x1b[2m = \x1b[0m"hun\x1b[31mter2"'),
      `\x1b[1mpass\x1b[0mword\x1b[2m = \x1b[0m"${MASK}\x1b[31m"`,
    );
  });
  t.test('then a section marker inside it does not hide it and stays', async (t) => {
    const marker = 'section_end:1795165295:step_script\r\x1b[0K';
    t.equal(maskSecrets(`${JWT.slice(0, 30)}${marker}${JWT.slice(30)}`), `${MASK}${marker}`);
  });
  t.test('then a hyperlink that carries one is masked', async (t) => {
    t.equal(
      maskSecrets('\x1b]8;;https://u:hunter2@example.com\x1b\\docs\x1b]8;;\x1b\\'),
      `\x1b]8;;https://u:${MASK}@example.com\x1b\\docs\x1b]8;;\x1b\\`,
    );
  });
  t.test('then every state of a progress line is masked', async (t) => {
    t.equal(
      maskSecrets(`10% ${KEY_ID}\r20% ${PERSONAL_TOKEN}\rpassword=hunter2\rdone\n`),
      `10% ${MASK}\r20% ${MASK}\rpassword=${MASK}\rdone\n`,
    );
  });
  t.test('then a line that only begins like a prefix is no continuation', async (t) => {
    const trace = `password=\n2026-11-20T09:01:35.140026X 01O+hunter2\n`;
    t.equal(maskSecrets(trace), trace);
  });
});

t.test('Given a stream, when a line is not finished or may go on', async (t) => {
  t.test('then nothing of it comes out', async (t) => {
    const masker = createMasker();
    t.equal(masker.write(`${stamp()}first ${KEY_ID.slice(0, 8)}`), '');
    t.equal(masker.write(`${KEY_ID.slice(8)}\n`), '', 'a complete line waits for the next one');
    t.equal(masker.write(stamp().slice(0, 31)), '', 'also while the next prefix is incomplete');
    t.equal(masker.write(' '), `${stamp()}first ${MASK}\n`, 'until the flag says that it does not go on');
    t.equal(masker.end(), stamp());
    t.equal(masker.write('again\n') + masker.end(), 'again\n', 'and the masker can be used again');
  });
  t.test('then an empty text gives an empty text', async (t) => {
    t.equal(maskSecrets(''), '');
    t.equal(maskSecrets('\n'), '\n');
    t.equal(maskSecrets('\n\n'), '\n\n');
  });
});

t.test('Given a line without an end, when it streams in', async (t) => {
  const word = 'module.eks.aws_eks_cluster.this[0] ';
  t.test('then no more than a window is held back, and secrets anywhere in it are masked', async (t) => {
    const masker = createMasker({ known: ['VelvetFalcon9098'] });
    const block = `${word.repeat(1_000)}${PERSONAL_TOKEN} password=hunter2 VelvetFalcon9098 `;
    let written = 0;
    let received = 0;
    let worst = 0;
    let output = '';
    for (let round = 0; round < 300; round += 1) {
      const part = masker.write(block);
      written += block.length;
      received += part.length;
      // What was masked became shorter; that is no holding back.
      worst = Math.max(worst, written - received - round * (PERSONAL_TOKEN.length + 8));
      output += part;
    }
    output += masker.end();
    t.ok(written > 10_000_000);
    t.ok(worst < 100_000, `held back at most ${worst}`);
    t.notMatch(output, /glpat|hunter2|VelvetFalcon/);
    t.equal(output.split(MASK).length - 1, 900);
    t.equal(output.replaceAll(MASK, '').length, 300 * (word.length * 1_000 + ' password=  '.length));
  });
  t.test('then a secret is masked wherever the window ends', async (t) => {
    for (let position = 49_100; position < 49_200; position += 1) {
      const text = `${'x '.repeat(position / 2)}${position % 2 === 0 ? '' : ' '}password=hunter2 ${'y '.repeat(20_000)}`;
      t.notMatch(maskSecrets(text), /hunter2/);
    }
  });
  t.test('then one endless secret is one mask', async (t) => {
    const masked = maskSecrets(`token=${'aB3'.repeat(100_000)} end\nnext`);
    t.equal(masked, `token=${MASK} end\nnext`);
  });
  t.test('then the chunks do not matter', async () => {
    const text = `${word.repeat(3_000)}token=${'aB3'.repeat(30_000)} ${word.repeat(2_000)}${KEY_ID} \x1b[31m${word.repeat(2_000)}\nend`;
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: text.length }), { maxLength: 20 }),
        (cuts) => inChunks(cutAt(text, cuts)) === maskSecrets(text),
      ),
      { numRuns: 15 },
    );
  });
  t.test('then endless escape codes are passed on', async (t) => {
    const text = '\x1b[31m'.repeat(40_000);
    t.equal(maskSecrets(`${text} ${KEY_ID}`), `${text} ${MASK}`);
  });
});
