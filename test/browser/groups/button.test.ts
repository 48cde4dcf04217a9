import { inOneProcess } from '../../groups/one-process.ts';

await inOneProcess('browser/button*.test.ts');
