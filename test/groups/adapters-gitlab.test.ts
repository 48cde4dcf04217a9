import { inOneProcess } from './one-process.ts';

await inOneProcess('adapters/{announcing,gitlab,simulator}*.test.ts');
