import { inOneProcess } from './one-process.ts';

await inOneProcess('adapters/{gitlab,simulator}*.test.ts');
