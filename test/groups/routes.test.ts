import { inOneProcess } from './one-process.ts';

await inOneProcess('routes/*.test.ts');
