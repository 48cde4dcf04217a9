import { inOneProcess } from './one-process.ts';

await inOneProcess('pipeline/destroy-*.test.ts');
