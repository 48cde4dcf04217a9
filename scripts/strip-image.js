// Runs once, while an image is made, and leaves no program in it but Node: no shell, no package manager, nothing that
// runs as another user. An intruder finds no tools, and the image needs none.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const PROGRAM_FOLDERS = ['/usr/local/bin', '/usr/local/sbin', '/usr/bin', '/usr/sbin', '/bin', '/sbin'];
const remove = (path) => rmSync(path, { recursive: true, force: true });

for (const folder of PROGRAM_FOLDERS) {
  for (const name of readdirSync(folder)) {
    if (name !== 'node') remove(join(folder, name));
  }
}
// npm, Corepack and Yarn, as the base image installs them.
remove('/usr/local/lib/node_modules');
for (const name of readdirSync('/opt')) remove(join('/opt', name));
remove(import.meta.filename);
