import t from 'tap';
import { plantedSecrets } from '../../src/local/gitlab-simulator/trace/planted-secrets.ts';
import { OWNER_TOKEN, press, type Server, startBackends, startServer } from './processes.ts';

interface Stage {
  readonly jobs: readonly { readonly id: number; readonly name: string }[];
}

/** Every text that anyone can get about a deployment, one after the other. */
const readEverything = async (server: Server, id: string): Promise<string> => {
  const texts: string[] = [];
  const read = async (path: string, headers: Readonly<Record<string, string>> = {}): Promise<string> => {
    const answer = await server.request(path, { headers });
    const text = await answer.text();
    texts.push(`${path}\n${[...answer.headers].flat().join('\n')}\n${text}`);
    return text;
  };
  const here = `/v1/deployments/${id}`;
  for (const path of [here, '/v1/deployments/current', '/v1/deployments', '/healthz', '/openapi.json', '/', `/d/${id}`])
    await read(path);
  await read('/healthz', { authorization: `Bearer ${OWNER_TOKEN}` });
  const { stages } = JSON.parse(await read(`${here}/pipeline`)) as { stages: readonly Stage[] };
  const jobs = stages.flatMap((stage) => stage.jobs);
  for (const job of jobs.filter(({ name }) => name !== 'stop')) {
    await read(`${here}/logs?job=${job.id}`, { accept: 'text/plain' });
    let query = `job=${job.id}`;
    for (let pages = 0; pages < 50; pages += 1) {
      const page = JSON.parse(await read(`${here}/logs?${query}`)) as { next_cursor: string; complete: boolean };
      if (page.complete) break;
      query = `cursor=${page.next_cursor}`;
    }
  }
  return texts.join('\n');
};

t.test(
  'Given a whole life, when every answer and every log line is read, then no planted secret is in them',
  async (t) => {
    const backends = await startBackends(t, { speed: 10 });
    const server = await startServer(t, backends, { LOG_LEVEL: 'trace' });
    const { id, control_token: token } = await press(t, server);
    let seen = '';
    await server.until('live');
    seen += await readEverything(server, id);
    await server.destroy(id, token);
    await server.until('destroying');
    await server.until('idle');
    seen += await readEverything(server, id);

    t.ok(seen.includes('Apply complete!') && seen.includes('Destroy complete!'), 'the logs were really read');
    t.ok(seen.includes('[MASKED]'));
    const secrets = plantedSecrets(id);
    t.ok(secrets.length > 20, 'and there was something to find');
    const said = `${seen}\n${server.output()}`;
    t.same(
      secrets.filter((secret) => said.includes(secret)),
      [],
    );
    t.notOk(said.includes('111122223333'), 'nor the account id');
    t.notOk(server.output().includes(token), 'nor the token of the starter in the log');
    t.notOk(said.includes(OWNER_TOKEN), "nor the owner's");
  },
);
