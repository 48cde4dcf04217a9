import { inOneProcess } from '../../groups/one-process.ts';

await inOneProcess('browser/{page-log,page-notice,page-replay,page-watch}.test.ts');
