import { inOneProcess } from './one-process.ts';

await inOneProcess('lifecycle/*.test.ts');
