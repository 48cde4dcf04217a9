import { inOneProcess } from './one-process.ts';

await inOneProcess('local/**/*.test.ts');
