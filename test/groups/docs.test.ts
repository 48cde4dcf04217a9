import { inOneProcess } from './one-process.ts';

await inOneProcess('docs/*.test.ts');
