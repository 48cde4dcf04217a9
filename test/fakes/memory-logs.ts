import { checkLogChunk } from '../../src/adapters/log-chunk-bounds.ts';
import { LOG_CHUNKS_PER_JOB, LOG_CHUNKS_PER_RUN, LOG_LIFETIME_MS } from '../../src/adapters/store-bounds.ts';
import type { Instant } from '../../src/lifecycle/deployment.ts';
import type { LogChunk, LogOf, LogStore } from '../../src/lifecycle/ports.ts';
import { frozenCopy } from './frozen-copy.ts';
import type { MemoryConditions } from './memory-conditions.ts';

interface Filed {
  readonly chunk: LogChunk & { readonly revision: string };
  readonly writtenAt: Instant;
}

/** `LogStore` in memory. */
export const createMemoryLogs = (conditions: MemoryConditions): LogStore => {
  const chunks = new Map<string, Filed>();
  const booked = new Map<string, Set<string>>();
  let writes = 0;

  const keyOf = ({ deploymentId, jobId }: LogOf, index: number): string => `${deploymentId}#${jobId}#${index}`;
  const standing = (key: string, now: Instant): Filed['chunk'] | null => {
    const filed = chunks.get(key);
    return filed !== undefined && filed.writtenAt + LOG_LIFETIME_MS > now ? frozenCopy(filed.chunk) : null;
  };

  return {
    readChunk: (log, index, now) => conditions.read(() => standing(keyOf(log, index), now)),
    writeChunk: async (log, index, chunk, replaces, now) => {
      checkLogChunk(chunk);
      const { state, firstLine, lines, resume } = frozenCopy(chunk);
      const key = keyOf(log, index);
      writes += 1;
      const revision = `revision-${writes}`;
      const isWritten = await conditions.write({
        holds: () => (replaces === null ? standing(key, now) === null : chunks.get(key)?.chunk.revision === replaces),
        apply: () => {
          chunks.set(key, { chunk: { state, firstLine, lines, resume, revision }, writtenAt: now });
        },
        ours: () => chunks.get(key)?.chunk.revision === revision,
      });
      return isWritten ? revision : null;
    },
    bookChunk: async ({ deploymentId, jobId }, index, _now) => {
      if (index >= LOG_CHUNKS_PER_JOB) return false;
      const name = `${jobId}#${index}`;
      const ofRun = (): Set<string> => booked.get(deploymentId) ?? new Set();
      return conditions.write({
        holds: () => ofRun().has(name) || ofRun().size < LOG_CHUNKS_PER_RUN,
        apply: () => {
          booked.set(deploymentId, ofRun().add(name));
        },
        ours: () => ofRun().has(name),
      });
    },
  };
};
