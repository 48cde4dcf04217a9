import { inOneProcess } from './one-process.ts';

await inOneProcess('{fakes,jobs,web,web/page}/*.test.ts');
