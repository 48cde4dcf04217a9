import { inOneProcess } from './one-process.ts';

await inOneProcess('pipeline/{agreement,jmespath,scripts,simulated,template}.test.ts');
