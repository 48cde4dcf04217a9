import { type Controller, createController } from '../../src/lifecycle/controller.ts';
import type { Instant } from '../../src/lifecycle/deployment.ts';
import { type Around, around } from './around.ts';
import type { Stage } from './stage.ts';

/** A controller of another task on the same stage, with something done around each call it makes of the world. */
export const joinController = (stage: Stage, wrap: Around): Controller =>
  createController({
    store: around(stage.store, wrap),
    pipelines: around(stage.pipelines, wrap),
    probe: around(stage.cloud, wrap),
    inventory: around(stage.cloud, wrap),
    secondDestroyer: around(stage.cloud, wrap),
    deadLetters: around(stage.store, wrap),
    preflight: around(stage.preflight, wrap),
    quotas: around(stage.store.quotas, wrap),
    credentials: stage.credentials,
    collectLogs: stage.collectLogs,
    recordRun: stage.recordRun,
    clock: stage.clock,
    log: stage.log,
    notifier: stage.notifier,
  });

export interface CrowdOptions {
  /** Done before each round of all controllers. */
  readonly beforeRound?: () => Promise<void> | void;
  readonly until: () => boolean | Promise<boolean>;
  /** Virtual time after which the run has failed. */
  readonly giveUpAfterMs?: number;
}

const TWO_DAYS_MS = 48 * 3_600_000;

/** Lets all controllers advance at once, from one due time to the next, until that is so. */
export const runTogether = async (
  { clock }: Pick<Stage, 'clock'>,
  controllers: () => readonly Pick<Controller, 'advance'>[],
  { beforeRound, until, giveUpAfterMs = TWO_DAYS_MS }: CrowdOptions,
): Promise<void> => {
  const giveUpAt = clock.now() + giveUpAfterMs;
  while (!(await until())) {
    if (clock.now() > giveUpAt) throw new Error('it never came to be so');
    await beforeRound?.();
    const nexts = await Promise.all(controllers().map((controller) => controller.advance()));
    if (await until()) return;
    const due = nexts.reduce<Instant>((first, next) => Math.min(first, next ?? first), Number.POSITIVE_INFINITY);
    clock.set(Math.max(Number.isFinite(due) ? due : clock.now() + 1_000, clock.now() + 1));
  }
};
