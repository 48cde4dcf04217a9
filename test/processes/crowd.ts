import type { Test } from 'tap';
import { OWNER_TOKEN, startBackends, startServer } from './processes.ts';

interface Answered {
  readonly id?: string;
  readonly deployment?: { readonly id: string };
}

/**
 * 200 visitors press at once over two servers on one store: one starts one pipeline, all others are shown it, and it
 * comes to one end.
 *
 * @param store the endpoint of a DynamoDB that runs already; without it the embedded one is started beside the servers
 */
export const pressAsACrowd = async (t: Test, store?: string): Promise<void> => {
  const backends = await startBackends(t, { speed: 20, ...(store === undefined ? {} : { store }) });
  const [first, second] = await Promise.all([startServer(t, backends), startServer(t, backends)]);
  const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => (index % 2 ? first : second).press()));
  const statuses = answers.map(({ status }) => status);
  t.equal(statuses.filter((status) => status === 201).length, 1);
  t.equal(statuses.filter((status) => status === 409).length, 199);
  const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as Answered[];
  const ids = new Set(bodies.map((body) => body.id ?? body.deployment?.id));
  t.equal(ids.size, 1, 'everybody is shown the same one');

  await first.until('live');
  t.equal((await backends.pipelines('apply')).length, 1);
  const [id = ''] = ids;
  t.equal((await second.destroy(id, 'not-a-token')).status, 401);
  t.equal((await second.destroy(id, OWNER_TOKEN)).status, 202);
  await first.until('idle');
  t.equal((await backends.pipelines('destroy')).length, 1);
  t.equal((await first.ledger()).length, 1);
};
