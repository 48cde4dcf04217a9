// Keeps what V8 has compiled of a server once it is up, so that the next start need not compile it: every start runs much
// the same functions. Arguments: the bundle that scripts/build.js made. docs/adr/0033 says why it is not Node's own cache.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { freePort } from '../src/compose-port.ts';
import { startEmbeddedDynamodb } from '../src/local/embedded-dynamodb.ts';
import { checksumOf, codeCacheOf, compileBundle, runBundle } from './start-bundle.js';

const HOST = '127.0.0.1';
const WITHIN_MS = 60_000;
const PATHS = ['/readyz', '/', '/v1/deployments/current'];
const bundle = resolve(process.argv[2] ?? '');

const statusAt = async (url) => {
  try {
    const answer = await fetch(url);
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return null;
  }
};

const store = await startEmbeddedDynamodb();
const port = await freePort(HOST);
// Nothing that is set for whoever builds, be it in a file, has a say in it.
process.chdir(dirname(bundle));
for (const name of Object.keys(process.env)) delete process.env[name];
Object.assign(process.env, {
  MODE: 'local',
  HOST,
  PORT: String(port),
  DYNAMODB_ENDPOINT: store.endpoint,
  LOG_LEVEL: 'error',
});

// Its greeting is for who starts it by hand.
process.stdout.write = () => true;
const script = compileBundle(bundle);
runBundle(script, bundle);
for (const path of PATHS) {
  while ((await statusAt(`http://${HOST}:${port}${path}`)) !== 200) {
    if (performance.now() > WITHIN_MS) throw new Error(`${bundle} does not answer ${path}`);
    await delay(20);
  }
}
const cache = codeCacheOf(bundle);
writeFileSync(
  cache,
  gzipSync(Buffer.concat([checksumOf(readFileSync(bundle)), script.createCachedData()]), { level: 9 }),
);
if (compileBundle(bundle).cachedDataRejected !== false) throw new Error(`V8 does not take ${cache}`);
process.exit(0);
