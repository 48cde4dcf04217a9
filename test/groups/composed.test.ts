import { inOneProcess } from './one-process.ts';

await inOneProcess('*.test.ts');
