import type { JobName } from '../pipeline-definition.ts';
import type { ScriptLine, ScriptStream } from './script.ts';

const TERRAFORM_JOBS: readonly JobName[] = ['plan', 'apply', 'stop', 'destroy'];

/** What a log still gets after its job was cancelled: Terraform's last words and the runner's. */
export function cancelledTail(job: JobName, cutMs: number): readonly ScriptLine[] {
  const line = (afterMs: number, stream: ScriptStream, text: string): ScriptLine => ({
    atMs: cutMs + afterMs,
    stream,
    text,
    continued: false,
  });
  const terraform = [
    line(150, '01O', ''),
    line(150, '01O', 'Interrupt received.'),
    line(150, '01O', 'Please wait for Terraform to exit or data loss may occur.'),
    line(150, '01O', 'Gracefully shutting down...'),
    line(400, '01O', 'Stopping operation...'),
  ];
  return [
    ...(TERRAFORM_JOBS.includes(job) ? terraform : []),
    line(2_400, '00O', '\u001b[0KCleaning up project directory and file based variables'),
    line(2_800, '00O', '\u001b[31;1mERROR: Job failed: canceled\u001b[0;m'),
  ];
}
