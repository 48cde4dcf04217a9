import { inOneProcess } from './one-process.ts';

await inOneProcess('scripts/*.test.ts');
