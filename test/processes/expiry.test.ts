import t from 'tap';
import { press, startBackends, startServer } from './processes.ts';

// Most of each is waiting for times to pass, so they wait together.
t.jobs = 3;

const SHORT_LIFE = { DEMO_TTL_MINUTES: '0.1' };

for (const { what, env } of [
  { what: 'the timer', env: {} },
  { what: 'the hourly job alone', env: { RECONCILE_TIMER: 'off', HOURLY_CRON: '* * * * * *' } },
]) {
  t.test(
    `Given ${what}, when a demo's time is over and nobody asks, then it is destroyed and proven gone`,
    async (t) => {
      const backends = await startBackends(t, { speed: 20 });
      const server = await startServer(t, backends, { ...SHORT_LIFE, ...env });
      const { id } = await press(t, server);
      await server.until('live');
      await server.until('idle');
      t.match(await server.ledger(), [{ id, reason: 'expired' }]);
      t.same(await backends.resources(), []);
    },
  );
}
