import { inOneProcess } from './one-process.ts';

await inOneProcess('adapters/{crypto,http,log,masked,notice,observation,pino,stored,webhook}*.test.ts');
