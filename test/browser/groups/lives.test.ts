import { inOneProcess } from '../../groups/one-process.ts';

await inOneProcess('browser/{demo-app,docs,page,page-restart,page-trouble}.test.ts');
