import { inOneProcess } from '../../groups/one-process.ts';

await inOneProcess('browser/{page-hour,page-states}.test.ts');
