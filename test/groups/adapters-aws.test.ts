import { inOneProcess } from './one-process.ts';

await inOneProcess('adapters/{aws,cached,fixed,inventory,scheduler,second,secrets}*.test.ts');
