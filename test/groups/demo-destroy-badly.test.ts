import { inOneProcess } from './one-process.ts';

await inOneProcess('demo/destroy-*.test.ts');
