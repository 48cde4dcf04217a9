// Builds tap with the plugins that .taprc asks for, unless that was done since the packages were installed: it takes as
// long as many a suite, and every suite needs it.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

// Inside what is built, so that an installation takes it away together with that.
const STAMP = at('node_modules/@tapjs/test/test-built/.built-for');
const wanted = `tap ${require('tap/package.json').version}\n${readFileSync(at('.taprc'), 'utf8')}`;

if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== wanted) {
  const { status } = spawnSync('tap', ['build'], {
    cwd: at('.'),
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status === 0) writeFileSync(STAMP, wanted);
  process.exitCode = status ?? 1;
}
