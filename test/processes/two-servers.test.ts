import t from 'tap';
import { pressAsACrowd } from './crowd.ts';
import { press, startBackends, startServer } from './processes.ts';

// Most of each is waiting for times to pass, so they wait together.
t.jobs = 3;

t.test(
  'Given two servers on one store, when 200 visitors press at once, then one starts one pipeline and all others join',
  (t) => pressAsACrowd(t),
);

for (const fault of ['create-lost-request', 'create-lost-reply']) {
  t.test(
    `Given the simulator plays ${fault}, when a visitor presses, then there is exactly one pipeline`,
    async (t) => {
      const backends = await startBackends(t, { speed: 20 });
      const server = await startServer(t, backends);
      await backends.setFault(fault, { times: 1 });
      const { id, control_token: token } = await press(t, server);
      await server.until('live');
      t.equal((await backends.pipelines('apply')).length, 1);
      await server.destroy(id, token);
      await server.until('idle');
      t.equal((await backends.pipelines('apply')).length, 1);
    },
  );
}
