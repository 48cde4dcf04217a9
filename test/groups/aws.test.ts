import { inOneProcess } from './one-process.ts';

await inOneProcess('aws/*.test.ts');
