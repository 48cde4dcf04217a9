import t from 'tap';
import { LOCAL_POLICY } from '../../src/policies.ts';
import { eventually, passingTime, press, startBackends, startServer } from './processes.ts';

const { deployDeadlineMs, maxLifetimeMs, hardEndMarginMs, secondDestroyerDelayMs, secondDestroyerEveryMs } =
  LOCAL_POLICY;
const FIRST_RUN_AFTER_MS = deployDeadlineMs + maxLifetimeMs + hardEndMarginMs + secondDestroyerDelayMs;
/** Once is before its first run, however slow this machine is; twice is after it. */
const JUMP_MS = 0.6 * FIRST_RUN_AFTER_MS;
const DESTROYED_WITHIN_MS = 20_000;

const areOver = (builds: readonly { readonly status: string }[]): boolean =>
  builds.length > 0 && builds.every(({ status }) => status === 'succeeded');

t.test(
  'Given a live demo, when its server is gone for good, then the second destroyer alone ends it; a later server only has to prove it',
  async (t) => {
    const backends = await startBackends(t, { speed: 20, simulatorEnv: passingTime({ jumpMs: JUMP_MS }) });
    const first = await startServer(t, backends);
    const { id, created_at: createdAt } = await press(t, first);
    await first.until('live');
    await first.kill('SIGKILL');

    t.match(await backends.schedules(), [
      {
        deployment_id: id,
        first_run_at: Date.parse(createdAt) + FIRST_RUN_AFTER_MS,
        every_seconds: secondDestroyerEveryMs / 1_000,
      },
    ]);
    const built = (await backends.resources()).length;
    t.ok(built > 8, 'all of it exists');
    await backends.jump(JUMP_MS);
    t.equal((await backends.resources()).length, built, 'and stays, for it is not over yet');
    t.same(await backends.builds(), []);

    await backends.jump(JUMP_MS);
    await eventually(backends.resources, (left) => left.length === 0, DESTROYED_WITHIN_MS);
    const [build, ...later] = await eventually(backends.builds, areOver, DESTROYED_WITHIN_MS);
    t.equal(build?.deployment_id, id);
    t.ok((build?.destroyed ?? 0) >= built, 'by its first build');
    t.same(await backends.pipelines('destroy'), [], 'GitLab did nothing');

    await backends.jump(JUMP_MS);
    const [, ...all] = await eventually(backends.builds, areOver, DESTROYED_WITHIN_MS);
    t.ok(all.length > later.length, 'it comes again until it is disarmed');
    t.ok(
      all.every(({ destroyed }) => destroyed === 0),
      'and finds nothing',
    );
    t.same(await backends.resources(), [], 'it stays gone');

    const second = await startServer(t, backends, passingTime({ aheadMs: 3 * JUMP_MS }));
    await second.until('idle');
    t.match(await second.ledger(), [{ id, reason: 'hard_end' }], 'proven gone, with its receipt');
    t.match(await second.view(id), { id, receipt: Object });
    t.same(await backends.schedules(), [], 'and disarmed');
    t.same(await backends.resources(), []);
    t.equal((await backends.pipelines('apply')).length, 1);
    t.not((await press(t, second)).id, id, 'the lock is free');
  },
);
