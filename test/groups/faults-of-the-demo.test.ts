import { inOneProcess } from './one-process.ts';

await inOneProcess('faults/{account,apply,destroy,pipeline}*.test.ts');
