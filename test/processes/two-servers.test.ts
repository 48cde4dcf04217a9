import t from 'tap';
import { press, startBackends, startServer } from './processes.ts';

// Most of each is waiting for times to pass, so they wait together.
t.jobs = 3;

t.test(
  'Given two servers on one store, when 200 visitors press at once, then one starts one pipeline and all others join',
  async (t) => {
    const backends = await startBackends(t, {
      speed: 20,
      ...(process.env.STORE_ENDPOINT ? { store: process.env.STORE_ENDPOINT } : {}),
    });
    const servers = [await startServer(t, backends), await startServer(t, backends)];
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => servers[index % 2]?.press() ?? Promise.reject(new Error('no server'))),
    );
    const statuses = answers.map(({ status }) => status);
    t.equal(statuses.filter((status) => status === 201).length, 1);
    t.equal(statuses.filter((status) => status === 409).length, 199);
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as {
      id?: string;
      deployment?: { id: string };
    }[];
    t.equal(new Set(bodies.map((body) => body.id ?? body.deployment?.id)).size, 1, 'everybody is shown the same one');

    const [first, second] = servers;
    if (first === undefined || second === undefined) throw new Error('no server');
    await first.until('live');
    t.equal((await backends.pipelines('apply')).length, 1);
    const { id } = await second.view();
    t.equal((await second.destroy(id ?? '', process.env.NOBODY ?? 'not-a-token')).status, 401);
    t.equal(
      (
        await second.request(`/v1/deployments/${id}`, {
          method: 'DELETE',
          headers: { authorization: 'Bearer owner-token-of-the-process-tests' },
        })
      ).status,
      202,
    );
    await first.until('idle');
    t.equal((await backends.pipelines('destroy')).length, 1);
    t.equal((await first.ledger()).length, 1);
  },
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
