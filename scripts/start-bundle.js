// Starts the bundle of its own name beside it: bin/server.js is a copy of this and starts bin/server.cjs. Where there is
// bin/server.code-cache.gz, V8 takes from it what it would compile else; scripts/make-code-cache.js makes it.
// docs/adr/0033 says why.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';
import { crc32, gunzipSync } from 'node:zlib';

const CHECKSUM_BYTES = 4;
/** More than a cache has, so that it is unpacked in one piece. */
const CHUNK_BYTES = 8 * 2 ** 20;

/** Where the cache of a bundle is. */
export const codeCacheOf = (bundle) => bundle.replace(/\.cjs$/, '.code-cache.gz');

/** The checksum of the text that a cache is of: V8 itself compares nothing of it but its length. */
export const checksumOf = (source) => {
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32BE(crc32(source));
  return checksum;
};

/** What V8 has kept of this text; undefined for nothing. */
const cachedDataOf = (bundle, source) => {
  const path = codeCacheOf(bundle);
  if (!existsSync(path)) return undefined;
  const cache = gunzipSync(readFileSync(path), { chunkSize: CHUNK_BYTES });
  return checksumOf(source).equals(cache.subarray(0, CHECKSUM_BYTES)) ? cache.subarray(CHECKSUM_BYTES) : undefined;
};

/**
 * The bundle, compiled as far as its cache allows. `cachedDataRejected` says whether V8 took it: one of another version
 * of V8, or of other flags, is passed over.
 */
export const compileBundle = (bundle) => {
  const source = readFileSync(bundle);
  return new Script(`(function (exports, require, module, __filename, __dirname) {${source.toString()}\n})`, {
    filename: bundle,
    cachedData: cachedDataOf(bundle, source),
  });
};

/** Runs it as Node runs a CommonJS module. */
export const runBundle = (script, bundle) => {
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(bundle), module, bundle, dirname(bundle));
};

if (import.meta.main) {
  const bundle = import.meta.filename.replace(/\.js$/, '.cjs');
  runBundle(compileBundle(bundle), bundle);
}
