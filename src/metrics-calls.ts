import { Counter, type Registry } from 'prom-client';

/** How a call ended: answered as hoped, refused by what stands there or by the other side, or without an answer. */
export type CallOutcome = 'ok' | 'refused' | 'failed';

/** What this process asks of others and does, counted. Every label has few values. */
export interface CallCounts {
  /** One operation on the table, with the client's own repeats. */
  countStoreCall(operation: string, outcome: CallOutcome): void;
  /** One question to GitLab, with the client's own repeats. */
  countGitlabCall(operation: string, outcome: CallOutcome): void;
  /** One step of a deployment's life. */
  countStep(step: string): void;
  /** So much of a job's log came in to be masked. */
  countLogBytes(bytes: number): void;
}

/** Makes the counters in those registries. */
export const createCallCounts = (registers: Registry[]): CallCounts => {
  const store = new Counter({
    name: 'demo_store_calls_total',
    help: 'Operations on the table; refused means that a condition did not hold',
    labelNames: ['operation', 'outcome'],
    registers,
  });
  const gitlab = new Counter({
    name: 'demo_gitlab_calls_total',
    help: 'Questions to GitLab; refused means an answer of 400 to 499',
    labelNames: ['operation', 'outcome'],
    registers,
  });
  const steps = new Counter({
    name: 'demo_steps_total',
    help: 'Steps that this process took for a deployment, by their name in the ladder',
    labelNames: ['step'],
    registers,
  });
  const logBytes = new Counter({
    name: 'demo_log_bytes_masked_total',
    help: 'Bytes of job logs that were fetched and masked',
    registers,
  });
  return {
    countStoreCall: (operation, outcome) => store.inc({ operation, outcome }),
    countGitlabCall: (operation, outcome) => gitlab.inc({ operation, outcome }),
    countStep: (step) => steps.inc({ step }),
    countLogBytes: (bytes) => logBytes.inc(bytes),
  };
};
