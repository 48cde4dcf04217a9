import t from 'tap';
import { browserModule } from './browser-module.ts';

const { stageWords } = await browserModule<{ stageWords(name: string): { title: string; what: string } }>(
  'stage-words.js',
);

t.test(
  'given a stage of the pipeline, when it is shown, then it has words; an unknown one keeps its name',
  async (t) => {
    for (const name of ['plan', 'apply', 'verify', 'destroy', 'inventory']) t.not(stageWords(name).what, '');
    t.strictSame(stageWords('apply').title, 'Build');
    t.strictSame(stageWords('smoke-test'), { title: 'smoke-test', what: '' });
  },
);
