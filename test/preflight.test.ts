import t from 'tap';
import { createHealth, type HealthCheck } from '../src/health.ts';
import { createPreflight } from '../src/preflight.ts';
import { createFakeClock } from './fakes/fake-clock.ts';

const MAX_AGE_MS = 60_000;

const setUp = (answers: Record<string, () => Promise<string | undefined>>, names = Object.keys(answers)) => {
  const clock = createFakeClock();
  const asked: string[] = [];
  const checks: HealthCheck[] = Object.entries(answers).map(([name, answer]) => ({
    name,
    critical: false,
    check: () => {
      asked.push(name);
      return answer();
    },
  }));
  const health = createHealth({
    checks,
    jobs: () => [],
    jobProgress: async () => [],
    deadLetters: async () => [],
    overdueDeployments: async () => 0,
    intervalMs: 30_000,
    answerTimeoutMs: 10_000,
    lostAfterMs: 60_000,
    clock,
  });
  const patience = Promise.withResolvers<void>();
  const preflight = createPreflight({
    health,
    names,
    clock,
    maxAgeMs: MAX_AGE_MS,
    answerWithinMs: 5_000,
    wait: () => patience.promise,
  });
  return { clock, health, preflight, asked, runOutOfPatience: patience.resolve };
};

const works = async () => undefined;
const fails = async () => {
  throw new Error('no');
};

t.test('Given nothing was asked yet, When the pre-flight is looked at, Then everything has failed', async (t) => {
  const { preflight, asked } = setUp({ gitlab: works, inventory: works });
  t.same(preflight.standing(), { failed: ['gitlab', 'inventory'] });
  t.same(asked, [], 'and nobody was asked for it');
});

t.test('Given background results, When they are a minute old, Then they count, and no longer after it', async (t) => {
  const { preflight, health, clock } = setUp({ gitlab: works });
  await health.refresh();
  t.same(preflight.standing(), { failed: [] });
  clock.advance(MAX_AGE_MS);
  t.same(preflight.standing(), { failed: [] });
  clock.advance(1);
  t.same(preflight.standing(), { failed: ['gitlab'] });
});

t.test('Given one check fails, When both ways are asked, Then it alone is named, in the order given', async (t) => {
  const { preflight, health } = setUp({ store: works, gitlab: fails, inventory: fails }, ['inventory', 'gitlab']);
  await health.refresh();
  t.same(preflight.standing(), { failed: ['inventory', 'gitlab'] });
  t.same(await preflight.run(), { failed: ['inventory', 'gitlab'] });
});

t.test('Given all worked a moment ago, When it is run, Then all of them are asked anew, and only those', async (t) => {
  let answer = works;
  const { preflight, health, clock, asked } = setUp({ gitlab: () => answer(), store: works }, ['gitlab']);
  await health.refresh();
  answer = fails;
  clock.advance(10);
  asked.length = 0;
  t.same(await preflight.run(), { failed: ['gitlab'] });
  t.same(asked, ['gitlab']);
  t.same(preflight.standing(), { failed: ['gitlab'] }, 'and the background knows it, too');
});

t.test('Given a check that hangs, When patience is out, Then it has failed although it worked before', async (t) => {
  let answer: () => Promise<string | undefined> = works;
  const { preflight, health, clock, runOutOfPatience } = setUp({ gitlab: () => answer(), inventory: works });
  await health.refresh();
  answer = () => new Promise<undefined>(() => {});
  clock.advance(10);
  const result = preflight.run();
  await Promise.resolve();
  runOutOfPatience();
  t.same((await result).failed.includes('gitlab'), true);
});

t.test('Given a check is under way, When it is run, Then that is waited for and asked once more', async (t) => {
  const first = Promise.withResolvers<undefined>();
  let answer: () => Promise<undefined> = () => first.promise;
  const { preflight, health, asked } = setUp({ gitlab: () => answer() });
  void health.refresh();
  await Promise.resolve();
  const result = preflight.run();
  answer = fails as () => Promise<never>;
  first.resolve(undefined);
  t.same(await result, { failed: ['gitlab'] }, 'what was asked before the lock was taken says nothing');
  t.same(asked, ['gitlab', 'gitlab']);
});

t.test('Given a name that no check has, When it is looked at, Then it has failed', async (t) => {
  const { preflight, health } = setUp({ gitlab: works }, ['gitlab', 'nobody']);
  await health.refresh();
  t.same(preflight.standing(), { failed: ['nobody'] });
});
