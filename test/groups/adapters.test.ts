import { inOneProcess } from './one-process.ts';

await inOneProcess('adapters/{crypto,event,http,log,masked,notice,observation,pino,stored,webhook}*.test.ts');
