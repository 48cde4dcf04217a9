import { inOneProcess } from './one-process.ts';

await inOneProcess('app/*.test.ts');
