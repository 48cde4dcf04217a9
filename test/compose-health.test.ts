import t from 'tap';
import { createChecks } from '../src/compose-health.ts';
import { createJobsStage } from './fakes/jobs-stage.ts';
import { VISITOR } from './fakes/stage.ts';

const ROUND_MS = 25_000;
const nothing = async () => undefined;

t.test(
  'Given a live demo, when the sweep does not show it, then no start is let through, and it is told',
  async (t) => {
    const stage = createJobsStage();
    const events: { readonly name: string; readonly fields: Readonly<Record<string, unknown>> }[] = [];
    let isBlind = false;
    const { health, preflight, alarms } = createChecks('aws', {
      store: stage.store,
      secrets: { freshen: nothing },
      gitlab: { ping: nothing, checkToken: nothing },
      secondDestroyer: stage.secondDestroyer,
      inventory: { sweep: async () => (isBlind ? [] : stage.cloud.sweep()) },
      deadLetters: stage.store,
      slots: stage.store,
      notifier: { notify: () => undefined },
      log: { event: (_level, name, fields) => void events.push({ name, fields }) },
      clock: stage.clock,
      jobs: () => [],
      jobProgress: async () => [],
    });
    const round = async (): Promise<void> => {
      stage.clock.advance(ROUND_MS);
      await health.refresh();
      alarms.observe(health.report());
    };
    const inventory = () => health.report().checks.find(({ name }) => name === 'inventory');
    const told = () => events.map(({ name, fields }) => [name, fields.check]);

    await stage.start(VISITOR);
    await stage.runUntilStatus('live');
    await round();
    t.match(inventory(), { state: 'ok' });
    t.same(preflight.standing(), { failed: [] });

    isBlind = true;
    await round();
    await round();
    t.match(inventory(), { state: 'failing', detail: /^The live demo is not in the inventory/ });
    t.equal(health.report().isDegraded, true);
    t.same(preflight.standing(), { failed: ['inventory'] });
    t.same(await preflight.run(), { failed: ['inventory'] });
    t.same(told(), [['check.failing', 'inventory']]);

    isBlind = false;
    await round();
    t.match(inventory(), { state: 'ok' });
    t.same(told().at(-1), ['check.recovered', 'inventory']);
  },
);
