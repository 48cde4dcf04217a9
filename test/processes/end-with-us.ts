import type { ChildProcess } from 'node:child_process';

const started = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of started) child.kill('SIGKILL');
});

/** Ends a child with this process at the latest: whoever fails or runs out of time does so without tidying up. */
export const endWithUs = (child: ChildProcess): void => {
  started.add(child);
  child.once('exit', () => started.delete(child));
};
