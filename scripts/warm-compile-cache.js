// Lets Node keep the compiled form of a bundle beside it, so that a container need not compile it at every start
// (https://nodejs.org/api/module.html#module-compile-cache). The cache is Node's own, of one version and one user, and
// one that does not fit is passed over; so it is made by the very Node of the image and for the user of the image.
// Arguments: the folder of the program, the bundle in it, the user's number.
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, globSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const [folder, bundle, user] = process.argv.slice(2);
const cache = join(folder, 'compile-cache');
const uid = Number(user);
mkdirSync(cache);
chownSync(cache, uid, uid);

// Nothing is configured, so it loads everything, says what it needs, and ends.
const { status, stderr } = spawnSync(process.execPath, [join(folder, bundle)], {
  env: { MODE: 'aws', NODE_COMPILE_CACHE: cache, NODE_COMPILE_CACHE_PORTABLE: '1' },
  uid,
  gid: uid,
  encoding: 'utf8',
  timeout: 60_000,
});
if (status !== 1 || !stderr.includes('The environment cannot be used')) {
  throw new Error(`${bundle} did not load (${status}): ${stderr}`);
}

// Node writes it for its owner alone. Whoever runs in the image may read it, and nobody may change it.
const written = [cache, ...globSync('**', { cwd: cache }).map((path) => join(cache, path))];
for (const path of written) {
  chownSync(path, 0, 0);
  chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644);
}
if (!written.some((path) => statSync(path).isFile())) throw new Error('Node left no compile cache');
