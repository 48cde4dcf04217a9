import { inOneProcess } from './one-process.ts';

await inOneProcess('adapters/{dynamodb,earlier}*.test.ts');
