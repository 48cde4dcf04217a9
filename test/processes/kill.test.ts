import t from 'tap';
import { press, startBackends, startServer } from './processes.ts';

// Most of each is waiting for times to pass, so they wait together.
t.jobs = 3;

const SPEED = 20;

for (const status of ['queued', 'deploying', 'destroying']) {
  t.test(
    `Given a server that is killed while ${status}, when another starts, then it continues to the end`,
    async (t) => {
      const backends = await startBackends(t, { speed: SPEED });
      const first = await startServer(t, backends);
      const { id, control_token: token } = await press(t, first);
      if (status === 'destroying') {
        await first.until('live');
        t.equal((await first.destroy(id, token)).status, 202);
      }
      if (status !== 'queued') await first.until(status);
      await first.kill('SIGKILL');

      const second = await startServer(t, backends);
      t.equal((await second.view(id)).id, id, 'the record is still there');
      if (status !== 'destroying') {
        const live = await second.until('live');
        t.equal((await fetch(live.live_url ?? '')).status, 200);
        t.equal((await second.destroy(id, token)).status, 202, 'the token still opens it');
      }
      await second.until('idle');
      t.match(await second.ledger(), [{ id, reason: 'visitor' }]);
      t.equal((await second.ledger()).length, 1);
      t.equal((await backends.pipelines('apply')).length, 1, 'one apply');
      t.same(await backends.resources(), [], 'nothing is left');
    },
  );
}
