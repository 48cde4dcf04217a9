import { inOneProcess } from './one-process.ts';

await inOneProcess('platform/*.test.ts');
