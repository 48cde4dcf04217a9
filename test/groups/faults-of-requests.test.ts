import { inOneProcess } from './one-process.ts';

await inOneProcess('faults/{create,every-fault,live-link,request,view}*.test.ts');
