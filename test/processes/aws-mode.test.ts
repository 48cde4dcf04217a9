import { once } from 'node:events';
import t, { type Test } from 'tap';
import { createDynamoClient } from '../../src/adapters/dynamodb-client.ts';
import { VARIABLES } from '../../src/config-schema.ts';
import { ensureTable } from '../../src/local/dynamodb-table.ts';
import { LOCAL_ACCESS } from '../adapters/dynamodb-under-test.ts';
import { SECRET_VALUES } from '../adapters/fake-secrets-manager.ts';
import { startFakeAws } from '../aws/fake-aws.ts';
import { AWS_SETTINGS } from '../aws/setting.ts';
import { eventually, type Running, startProcess } from './processes.ts';

const READY_WITHIN_MS = 40_000;
const GIVES_UP_WITHIN_MS = 110_000;

type Variables = Readonly<Record<string, string>>;

/** What nobody listens on any more, so that GitLab is away. */
const NO_GITLAB = 'https://127.0.0.1:1';

/** A fake AWS, and what a server has to be told to work in it. */
const startAws = async (t: Test) => {
  const aws = await startFakeAws();
  t.teardown(() => aws.close());
  const dynamo = createDynamoClient({ ...LOCAL_ACCESS, endpoint: aws.storeEndpoint });
  await ensureTable(dynamo, 'demo-on-demand');
  dynamo.destroy();
  const environment = { ...AWS_SETTINGS, ...aws.environment, GITLAB_URL: NO_GITLAB } as Variables;
  return { aws, environment };
};

/** Where it listens, as its log says. */
const addressOf = async (running: Running): Promise<string> => {
  const found = await eventually(
    async () => /Server listening at (http:[^"]+)"/.exec(running.output())?.[1] ?? null,
    (address) => address !== null,
    READY_WITHIN_MS,
  );
  return found ?? '';
};

const exitOf = async ({ child }: Running): Promise<number | null> => {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
};

t.test(
  'Given all that AWS needs, when the server is started, then it answers, writes JSON lines and ends well',
  async (t) => {
    const { aws, environment } = await startAws(t);
    const running = startProcess(t, 'src/server.ts', environment);
    const url = await addressOf(running);
    const statusOf = async (path: string): Promise<number> => (await fetch(`${url}${path}`)).status;
    t.equal(await statusOf('/livez'), 200);
    await eventually(
      () => statusOf('/readyz'),
      (status) => status === 200,
      READY_WITHIN_MS,
    );
    const headers = { authorization: `Bearer ${SECRET_VALUES.ownerToken}` };
    const works = async (): Promise<readonly string[]> => {
      const answer = await fetch(`${url}/healthz`, { headers });
      const { checks } = (await answer.json()) as { checks: readonly { name: string; state: string }[] };
      return checks.filter(({ state }) => state === 'ok').map(({ name }) => name);
    };
    const all = ['store', 'second_destroyer', 'inventory', 'secrets'];
    await eventually(works, (names) => all.every((name) => names.includes(name)), READY_WITHIN_MS);
    t.equal(await statusOf('/docs'), 404, 'what is for local mode alone is not there');
    t.equal(aws.secrets.calls.length, 3);
    t.strictSame(aws.broken, []);

    running.child.kill('SIGTERM');
    t.equal(await exitOf(running), 0);
    for (const line of running.output().trim().split('\n')) t.doesNotThrow(() => JSON.parse(line), line);
  },
);

t.test(
  'Given MODE=aws alone, when the server is started, then it ends and names everything that is missing',
  async (t) => {
    const running = startProcess(t, 'src/server.ts', { MODE: 'aws' });
    t.equal(await exitOf(running), 1);
    const needed = VARIABLES.filter(({ aws }) => aws.kind === 'needed').map(({ name }) => name);
    const [first, ...lines] = running.output().trim().split('\n');
    t.equal(first, 'The environment cannot be used:');
    t.strictSame(
      lines.map((line) => line.trim().split(':')[0]),
      needed,
    );
  },
);

t.test(
  'Given secrets that it may not read, when the server is started, then it never listens, and ends with the reason',
  async (t) => {
    const { aws, environment } = await startAws(t);
    aws.secrets.refuse('AccessDeniedException');
    const running = startProcess(t, 'src/server.ts', environment);
    const late = setTimeout(() => running.child.kill('SIGKILL'), GIVES_UP_WITHIN_MS);
    t.equal(await exitOf(running), 1);
    clearTimeout(late);
    const output = running.output();
    t.notMatch(output, 'Server listening');
    t.match(output, /"event":"boot.refused"/);
    t.match(
      output,
      /^AWS refuses what the environment names:\n {2}GITLAB_TOKEN_SECRET, OWNER_TOKEN_SECRET, SIGNING_KEY_SECRET: demo\/gitlab-token cannot be read: AccessDeniedException; .*$/m,
    );
    t.notMatch(output, '123456789012', 'and no account id');
  },
);
