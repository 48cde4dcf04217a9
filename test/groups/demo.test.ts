import { inOneProcess } from './one-process.ts';

await inOneProcess('demo/*.test.ts');
