import { inOneProcess } from './one-process.ts';

await inOneProcess('demo/{jmespath,pipeline,scripts}*.test.ts');
