import t from 'tap';
import { eventually, press, type Server, startBackends, startServer } from './processes.ts';

interface Pipeline {
  readonly stages: readonly { readonly jobs: readonly { readonly id: number; readonly name: string }[] }[];
}

const applyJobOf = async (server: Server, id: string): Promise<number> => {
  const find = async (): Promise<number | undefined> => {
    const answer = await server.request(`/v1/deployments/${id}/pipeline`);
    if (!answer.ok) return undefined;
    const { stages } = (await answer.json()) as Pipeline;
    return stages.flatMap(({ jobs }) => jobs).find(({ name }) => name === 'apply')?.id;
  };
  return (await eventually(find, (found) => found !== undefined, 30_000)) ?? 0;
};

/** All pages of a log as text, and whether it is complete. */
const logOf = async (server: Server, id: string, job: number): Promise<{ text: string; complete: boolean }> => {
  let text = '';
  let query = `job=${job}`;
  for (let pages = 0; pages < 50; pages += 1) {
    const answer = await server.request(`/v1/deployments/${id}/logs?${query}`, { headers: { accept: 'text/plain' } });
    const page = await answer.text();
    text += page;
    query = `cursor=${answer.headers.get('x-next-cursor')}`;
    const complete = answer.headers.get('x-complete') === 'true';
    if (complete || page === '') return { text, complete };
  }
  throw new Error('the log never came to its end');
};

t.test(
  'Given two servers, when one dies in the middle of a log, then the other has gone on with every line',
  async (t) => {
    const backends = await startBackends(t, { speed: 10 });
    const [first, second] = [await startServer(t, backends), await startServer(t, backends)];
    const { id } = await press(t, first);
    const job = await applyJobOf(second, id);
    const begun = await eventually(
      () => logOf(first, id, job),
      ({ text }) => text.split('\n').length > 20,
      30_000,
    );
    await first.kill();
    await second.until('live');
    const whole = await eventually(
      () => logOf(second, id, job),
      ({ complete }) => complete,
      30_000,
    );
    t.ok(whole.text.startsWith(begun.text), 'the lines that the first one served have the same numbers');
    t.equal(whole.text.split('Apply complete!').length, 2, 'said once');

    const third = await startServer(t, backends);
    t.same(await logOf(third, id, job), whole, 'a task that comes later serves the same');
  },
);
