import { existsSync } from 'node:fs';
import t from 'tap';
import { browserModule } from './browser-module.ts';

interface Words {
  stageWords(name: string): { title: string; what: string; why: string; file: string | null };
}
interface Parts {
  readonly PARTS: readonly { file: string | null }[];
}

const { stageWords } = await browserModule<Words>('stage-words.js');
const { PARTS } = await browserModule<Parts>('parts.js');

const STAGES = ['plan', 'apply', 'verify', 'destroy', 'inventory'];
const ROOT = new URL('../../../', import.meta.url);

t.test('given a stage of the pipeline, when it is shown, then it has words for what, why and where', async (t) => {
  for (const name of STAGES) {
    for (const words of [stageWords(name).title, stageWords(name).what, stageWords(name).why]) t.not(words, '', name);
    t.match(stageWords(name).file, /^terraform\/demo\//);
  }
  t.equal(stageWords('apply').title, 'Build');
});

t.test('given a stage nobody has words for, when it is shown, then it keeps its own name', async (t) => {
  for (const name of ['smoke-test', 'constructor', '__proto__']) {
    t.strictSame(stageWords(name), { title: name, what: '', why: '', file: null });
  }
});

// What the button builds may not be in a checkout of the page alone.
const skip = existsSync(new URL('terraform/demo', ROOT)) ? false : 'there is no terraform/demo to compare with';

t.test(
  'given the source files that the page names, when they are looked for, then each is there',
  { skip },
  async (t) => {
    const files = [...STAGES.map((name) => stageWords(name).file), ...PARTS.map(({ file }) => file)];
    for (const file of new Set(files)) t.ok(file === null || existsSync(new URL(file, ROOT)), String(file));
  },
);
