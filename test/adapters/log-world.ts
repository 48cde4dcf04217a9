import { setImmediate as turn } from 'node:timers/promises';
import { createMaskedLogCollector, type MaskedLogCollectorDeps } from '../../src/adapters/masked-log-collector.ts';
import { DemoError } from '../../src/lifecycle/errors.ts';
import type { LogChunk, LogCollector, StartedJob } from '../../src/lifecycle/ports.ts';
import { createMaskedLines } from '../../src/masking/masked-lines.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createMemoryConditions } from '../fakes/memory-conditions.ts';
import { createMemoryLogs } from '../fakes/memory-logs.ts';
import { createStoreFaults } from '../fakes/store-faults.ts';

export const DEPLOYMENT = '01930000-0000-7000-8000-00000000000a';

/** A trace as GitLab has it: it may grow, and it may be given in pieces of any size. */
export interface FakeTrace {
  bytes: Uint8Array;
  /** So much of it is there by now. */
  length: number;
  /** The most that one read brings. */
  readBytes: number;
}

export const jobOf = (id: number, isOver: boolean): StartedJob => ({ id, name: `job-${id}`, isOver });

/** One store and one GitLab, for any number of collectors. */
export const createLogWorld = () => {
  const clock = createFakeClock();
  const faults = createStoreFaults();
  const store = createMemoryLogs(createMemoryConditions(faults));
  const traces = new Map<number, FakeTrace>();
  const reads: { readonly jobId: number; readonly byteOffset: number }[] = [];
  const events: { readonly name: string; readonly fields: Readonly<Record<string, unknown>> }[] = [];
  const world = {
    clock,
    faults,
    store,
    reads,
    events,
    isGitlabDown: false,
    /** Awaited by each read before it looks at the trace. */
    beforeRead: async (): Promise<void> => {},
    trace: (jobId: number, text: string | Uint8Array): FakeTrace => {
      const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
      const trace = { bytes, length: bytes.length, readBytes: 500_000 };
      traces.set(jobId, trace);
      return trace;
    },
    collector: (deps: Partial<MaskedLogCollectorDeps> = {}): LogCollector =>
      createMaskedLogCollector({
        traces: {
          read: async (jobId, byteOffset) => {
            reads.push({ jobId, byteOffset });
            await turn();
            if (world.isGitlabDown) throw new DemoError('PIPELINES_UNAVAILABLE', { cause: new Error('a secret text') });
            await world.beforeRead();
            const trace = traces.get(jobId);
            if (trace === undefined) return new Uint8Array();
            return trace.bytes.slice(byteOffset, Math.min(trace.length, byteOffset + trace.readBytes));
          },
        },
        store,
        clock,
        log: { event: (_level, name, fields) => events.push({ name, fields }) },
        knownSecrets: () => [],
        ...deps,
      }),
    /** Lets it collect once and waits for it; time passes, so that reads are not what is scarce. */
    collect: async (collector: LogCollector, jobs: readonly StartedJob[]): Promise<void> => {
      clock.advance(10_000);
      collector.collect(DEPLOYMENT, jobs);
      await collector.idle();
    },
    chunks: async (jobId: number): Promise<readonly LogChunk[]> => {
      const chunks: LogChunk[] = [];
      for (let index = 0; ; index += 1) {
        const chunk = await store.readChunk({ deploymentId: DEPLOYMENT, jobId }, index, clock.now());
        if (chunk === null) return chunks;
        chunks.push(chunk);
      }
    },
    lines: async (jobId: number): Promise<readonly string[]> =>
      (await world.chunks(jobId)).flatMap((chunk) => chunk.lines),
    isComplete: async (jobId: number): Promise<boolean> => (await world.chunks(jobId)).at(-1)?.state === 'last',
    /** Lets it collect until the log is complete; fails when that never comes. */
    complete: async (collector: LogCollector, jobId: number): Promise<void> => {
      for (let polls = 0; polls < 2_000; polls += 1) {
        await world.collect(collector, [jobOf(jobId, true)]);
        if (await world.isComplete(jobId)) return;
      }
      throw new Error('the log never came to its end');
    },
  };
  return world;
};

export type LogWorld = ReturnType<typeof createLogWorld>;

/** The lines of a whole trace, masked in one go by one masker. */
export const maskedAtOnce = (text: string): readonly string[] => {
  const masked = createMaskedLines({ accountIds: true });
  return [...masked.write(text), ...masked.end()];
};
