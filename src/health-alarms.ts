import type { HealthReport, JobReport } from './health.ts';
import { compareTroubles, type Said, signsOf, type TroubleKind, type Troubles } from './health-troubles.ts';
import type { Clock, EventLog, Notifier, SlotStore } from './lifecycle/ports.ts';

type Fields = Said['trouble']['fields'];

/** What is written when a trouble begins and while it lasts. */
const TELL: Readonly<Record<TroubleKind, (log: EventLog, level: Said['trouble']['level'], fields: Fields) => void>> = {
  job: (log, level, fields) => log.event(level, 'job.silent', fields),
  letter: (log, level, fields) => log.event(level, 'dead_letter.present', fields),
  overdue: (log, level, fields) => log.event(level, 'deployment.overdue', fields),
  check: (log, level, fields) => log.event(level, 'check.failing', fields),
};

/** What is written when it has ended. */
const TELL_END: Readonly<Record<TroubleKind, (log: EventLog, fields: Fields) => void>> = {
  job: (log, fields) => log.event('info', 'job.recovered', fields),
  letter: (log, fields) => log.event('info', 'dead_letter.gone', fields),
  overdue: (log, fields) => log.event('info', 'deployment.overdue_ended', fields),
  check: (log, fields) => log.event('info', 'check.recovered', fields),
};

export interface AlarmsDeps {
  readonly log: EventLog;
  readonly notifier: Notifier;
  /** Elects the one task that tells the owner. */
  readonly slots: Pick<SlotStore, 'claimSlot'>;
  readonly clock: Clock;
}

export interface Alarms {
  /** Looks at a report and writes down what began, what lasts and what ended since the one before. */
  observe(report: HealthReport): void;
  /** Resolves when whoever is to be told has been handed to the notifier. */
  idle(): Promise<void>;
}

/** The owner is told of the same silence once, however many tasks see it and however often they restart meanwhile. */
const SILENCE_KEPT_MS = 30 * 24 * 3_600_000;

/**
 * Makes the watcher that turns what `/healthz` shows into events, so that an alarm can rely on the log alone. Every
 * task writes its own; the owner is told of a silent job by one of them, since the first to claim the silence does.
 */
export const createAlarms = ({ log, notifier, slots, clock }: AlarmsDeps): Alarms => {
  let held: Troubles = new Map();
  const telling = new Set<Promise<void>>();

  const tellOwner = async (job: JobReport): Promise<void> => {
    const { name, lastCompletedSlot } = job;
    const at = clock.now();
    // Better told by every task than by none.
    const isMine = await slots
      .claimSlot(`silence:${name}:${lastCompletedSlot ?? 'never'}`, at + SILENCE_KEPT_MS)
      .catch(() => true);
    if (isMine) notifier.notify({ kind: 'job_silent', job: name, at, lastCompletedSlot });
  };

  const write = ({ what, trouble, forMs }: Said): void => {
    const fields = { ...trouble.fields, forSeconds: Math.round(forMs / 1_000) };
    if (what === 'ended') TELL_END[trouble.kind](log, fields);
    else TELL[trouble.kind](log, trouble.level, { ...fields, repeated: what === 'lasts' });
  };

  return {
    observe: (report) => {
      const compared = compareTroubles(held, signsOf(report), clock.monotonicMs());
      held = compared.held;
      for (const said of compared.said) {
        write(said);
        const job = report.jobs.find(({ name }) => said.trouble.kind === 'job' && name === said.trouble.name);
        if (said.what !== 'began' || job === undefined) continue;
        const told = tellOwner(job).finally(() => telling.delete(told));
        telling.add(told);
      }
    },
    idle: async () => {
      await Promise.all(telling);
    },
  };
};
