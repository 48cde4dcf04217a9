import { inOneProcess } from './one-process.ts';

await inOneProcess('{fakes,jobs,web,web/button,web/page}/*.test.ts');
