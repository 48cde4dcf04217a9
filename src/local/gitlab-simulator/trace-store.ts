import { createBoundedCache } from './bounded-cache.ts';
import { cancelledTail } from './trace/cancelled-tail.ts';
import { encodeLines } from './trace/encode-lines.ts';
import type { Script, ScriptLine, ScriptRecipe } from './trace/script.ts';
import type { JobRecord, World } from './world.ts';

/** A script of some thousand lines takes about a megabyte with its encoded text; this many are kept ready. */
const MAX_CACHED = 12;

/** Writes a script, or hands out the one written before from the same recipe. */
export function createScriptCache(write: (recipe: ScriptRecipe) => Script): (recipe: ScriptRecipe) => Script {
  const scripts = createBoundedCache<ScriptRecipe, Script>(MAX_CACHED);
  return (recipe) => scripts.get(recipe, () => write(recipe));
}

interface EncodedTrace {
  lineCount: number;
  bytes: Buffer;
}

function visibleLines(world: World, job: JobRecord, script: Script): readonly ScriptLine[] {
  const elapsedMs = world.time - job.startedTime;
  if (job.cutTime === null) return script.lines.filter(({ atMs }) => atMs <= elapsedMs);
  const cutMs = job.cutTime - job.startedTime;
  const written = script.lines.filter(({ atMs }) => atMs <= cutMs);
  const tail = cancelledTail(job.definition.name, cutMs).filter(({ atMs }) => atMs <= elapsedMs);
  return [...written, ...tail];
}

/**
 * Makes the reader of job logs: the bytes that exist by now, empty before the job started. What was read once never
 * changes; later reads only add to it.
 */
export function createTraceReader(world: World): (job: JobRecord, classic: boolean) => Buffer {
  const caches = {
    classic: createBoundedCache<JobRecord, EncodedTrace>(MAX_CACHED),
    stamped: createBoundedCache<JobRecord, EncodedTrace>(MAX_CACHED),
  };

  return (job, classic) => {
    if (job.recipe === null) return Buffer.alloc(0);
    const lines = visibleLines(world, job, world.writeScript(job.recipe));
    const cache = classic ? caches.classic : caches.stamped;
    const encoded = cache.get(job, () => ({ lineCount: 0, bytes: Buffer.alloc(0) }));
    if (lines.length > encoded.lineCount) {
      const wallAt = (atMs: number): number => world.clock.toWall(job.startedTime + atMs);
      const added = encodeLines(lines, { from: encoded.lineCount, wallAt, classic });
      encoded.bytes = Buffer.concat([encoded.bytes, added]);
      encoded.lineCount = lines.length;
    }
    return encoded.bytes;
  };
}
