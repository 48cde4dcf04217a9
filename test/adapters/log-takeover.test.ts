import fc from 'fast-check';
import t from 'tap';
import type { LogCollector } from '../../src/lifecycle/ports.ts';
import { createMaskedLines } from '../../src/masking/masked-lines.ts';
import {
  JWT,
  KEY_BEGIN,
  KEY_END,
  KEY_ID,
  KEY_LINE,
  PERSONAL_TOKEN,
  SECRET_KEY,
  stamp,
  traces,
} from '../masking/samples.ts';
import { createLogWorld, DEPLOYMENT, jobOf, maskedAtOnce } from './log-world.ts';

const JOB = 1;

type Action =
  /** One of them is the winner of a look. */
  | { readonly kind: 'collect'; readonly who: number }
  /** Both think that they are: one of them slept. */
  | { readonly kind: 'both' }
  /** A task dies and another takes its place: what it held in memory is gone. */
  | { readonly kind: 'kill'; readonly who: number }
  | { readonly kind: 'grow'; readonly bytes: number }
  | { readonly kind: 'lose'; readonly fault: 'lose-reply' | 'lose-request'; readonly times: number }
  | { readonly kind: 'outage'; readonly who: number };

const who = fc.integer({ min: 0, max: 1 });

const actions: fc.Arbitrary<readonly Action[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('collect' as const), who }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('both' as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('kill' as const), who }) },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('grow' as const), bytes: fc.integer({ min: 1, max: 300 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('lose' as const),
        fault: fc.constantFrom('lose-reply' as const, 'lose-request' as const),
        times: fc.integer({ min: 1, max: 4 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('outage' as const), who }) },
  ),
  { maxLength: 25 },
);

/** Plays it and looks at what is stored after each action; answers with the lines in the end. */
const play = async (
  text: string,
  readBytes: number,
  script: readonly Action[],
  look: (lines: readonly string[]) => void,
): Promise<readonly string[]> => {
  const world = createLogWorld();
  const trace = world.trace(JOB, text);
  trace.length = 0;
  trace.readBytes = readBytes;
  const collectors: LogCollector[] = [world.collector(), world.collector()];
  const collect = (which: readonly LogCollector[]) =>
    Promise.all(which.map((one) => world.collect(one, [jobOf(JOB, false)])));
  for (const action of script) {
    if (action.kind === 'grow') trace.length = Math.min(trace.bytes.length, trace.length + action.bytes);
    if (action.kind === 'kill') collectors[action.who] = world.collector();
    if (action.kind === 'collect') await collect(collectors.slice(action.who, action.who + 1));
    if (action.kind === 'both') await collect(collectors);
    if (action.kind === 'lose') for (let times = 0; times < action.times; times += 1) world.faults.once(action.fault);
    if (action.kind === 'outage') {
      world.beforeRead = async () => world.faults.always('down');
      await collect(collectors.slice(action.who, action.who + 1));
      world.beforeRead = async () => {};
      world.faults.heal();
    }
    look(await world.lines(JOB));
  }
  world.faults.heal();
  trace.length = trace.bytes.length;
  trace.readBytes = Math.max(readBytes, 50);
  const [last] = collectors;
  if (last !== undefined) await world.complete(last, JOB);
  return world.lines(JOB);
};

const isBeginning = (lines: readonly string[], whole: readonly string[]): boolean =>
  JSON.stringify(lines) === JSON.stringify(whole.slice(0, lines.length));

/** Whatever happens, what is stored is a beginning of the whole, in the end all of it, and never one of the secrets. */
const checkTakeovers = (texts: fc.Arbitrary<string>, secrets: readonly string[], numRuns: number): Promise<void> =>
  fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 400 }), actions, async (text, readBytes, script) => {
      const whole = maskedAtOnce(text);
      const look = (stored: readonly string[]): void => {
        const said = JSON.stringify(stored);
        if (!isBeginning(stored, whole)) throw new Error(`stored ${said} instead of ${JSON.stringify(whole)}`);
        if (secrets.some((secret) => said.includes(secret))) throw new Error(`a secret in ${said}`);
      };
      const lines = await play(text, readBytes, script, look);
      look(lines);
      return lines.length === whole.length;
    }),
    { numRuns },
  );

t.test(
  'Given two collectors on any trace, when they take over from each other anywhere, then its lines are those of one',
  () => checkTakeovers(traces, [], 250),
);

/** Runs of a job with every secret that spans lines, in any order. */
const planted = fc
  .array(
    fc.constantFrom(
      `${stamp()}module.eks.aws_eks_cluster.this[0]: Creating...\n`,
      `${stamp()}grüße ✓ 名🙂\n`,
      [KEY_BEGIN, ...Array<string>(6).fill(KEY_LINE), KEY_END].map((line) => `${stamp()}${line}\n`).join(''),
      `${KEY_BEGIN}\n${KEY_LINE}\n${KEY_LINE}\n${KEY_END}\n`,
      `${stamp()}export AWS_SECRET_ACCESS_KEY=${SECRET_KEY.slice(0, 9)}\n${stamp('+')}${SECRET_KEY.slice(9)}\n`,
      `${stamp()}token ${PERSONAL_TOKEN} of ${KEY_ID}\n`,
      `Authorization: Bearer ${JWT}\n`,
      'password = <<EOF\nhunter2-hunter2\nEOF\n',
      `${stamp()}section_start:1795165295:step_script\r\u001b[0K\n`,
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join(''));

const SECRETS = [KEY_LINE, SECRET_KEY, PERSONAL_TOKEN, KEY_ID, JWT, 'hunter2-hunter2'];

t.test('Given secrets that span lines, when tasks come and go within them, then none is ever stored', async (t) => {
  await checkTakeovers(planted, SECRETS, 200);
  t.ok(maskedAtOnce(KEY_LINE).includes(KEY_LINE), 'without what shows that it is one, it would have been seen');
});

t.test(
  'Given a private key at every byte of which the winner changes, when it is over, then it was masked',
  async (t) => {
    const text = `one\n${KEY_BEGIN}\n${KEY_LINE}\n${KEY_LINE}\n${KEY_END}\ntwo ${PERSONAL_TOKEN}\nthree\n`;
    const world = createLogWorld();
    const trace = world.trace(JOB, text);
    for (let length = 1; length <= trace.bytes.length; length += 1) {
      trace.length = length;
      await world.collect(world.collector(), [jobOf(JOB, false)]);
    }
    await world.complete(world.collector(), JOB);
    t.same(await world.lines(JOB), maskedAtOnce(text));
    t.same((await world.lines(JOB)).slice(1, 5), [KEY_BEGIN, '[MASKED]', '[MASKED]', KEY_END]);
  },
);

t.test(
  'Given a log far beyond what is kept in full, when a new task continues each part, then it is the same',
  async (t) => {
    const line = (index: number): string =>
      `${index} ${'x'.repeat(700 + (index % 211))} ${index % 50 === 0 ? KEY_ID : ''}\n`;
    const text = Array.from({ length: 2_400 }, (_, index) => line(index)).join('');
    const worlds = [createLogWorld(), createLogWorld()];
    for (const [index, world] of worlds.entries()) {
      world.trace(JOB, text).readBytes = index === 0 ? 500_000 : 17_777;
      let collector = world.collector();
      for (let polls = 0; polls < 500 && !(await world.isComplete(JOB)); polls += 1) {
        if (index === 1) collector = world.collector();
        await world.collect(collector, [jobOf(JOB, true)]);
      }
    }
    const [whole, inParts] = await Promise.all(worlds.map((world) => world.lines(JOB)));
    t.ok(whole?.includes('[9 lines left out]'));
    t.same(inParts, whole);
    t.notOk(whole?.some((stored) => stored.includes(KEY_ID)));
  },
);

t.test(
  'Given one task that alternates with another, when both hold their masker, then neither uses a stale one',
  async (t) => {
    const world = createLogWorld();
    const text = Array.from({ length: 40 }, (_, index) => `line ${index}\n`).join('');
    const trace = world.trace(JOB, text);
    const [odd, even] = [world.collector(), world.collector()];
    for (let length = 5; length < trace.bytes.length; length += 5) {
      trace.length = length;
      world.clock.advance(10_000);
      const winner = length % 2 === 0 ? even : odd;
      winner.collect(DEPLOYMENT, [jobOf(JOB, false)]);
      await winner.idle();
      const soFar = createMaskedLines({ accountIds: true }).write(text.slice(0, length));
      t.same(await world.lines(JOB), soFar, 'no poll is in vain');
    }
    trace.length = trace.bytes.length;
    await world.complete(odd, JOB);
    t.same(await world.lines(JOB), maskedAtOnce(text));
  },
);
