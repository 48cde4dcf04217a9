import { inOneProcess } from './one-process.ts';

await inOneProcess('masking/*.test.ts');
