import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import t from 'tap';
import { createAwsInventoryClients } from '../../src/adapters/aws-inventory-clients.ts';
import { LOCAL_ACCESS } from './dynamodb-under-test.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

type Clients = ReturnType<typeof createAwsInventoryClients>;
const each = (clients: Clients) => Object.entries(clients) as [string, Clients['ec2']][];

t.test('Given the clients, when their settings are read, then every request ends in bounded time', async (t) => {
  const clients = createAwsInventoryClients(LOCAL_ACCESS);
  t.equal(each(clients).length, 5);
  for (const [name, client] of each(clients)) {
    t.equal(await client.config.maxAttempts(), 3, name);
    t.equal(client.config.retryMode, 'standard', name);
    t.equal(await client.config.region(), 'us-east-1', name);
    t.equal(client.config.endpoint, undefined, `${name} is AWS's own`);
  }
  // A handler reads its settings with its first request; this one was given up before it was sent.
  const abortSignal = AbortSignal.abort();
  await t.rejects(clients.ec2.send(new DescribeVolumesCommand({}), { abortSignal }), { name: 'AbortError' });
  const handler = clients.ec2.config.requestHandler as unknown as { httpHandlerConfigs(): Record<string, unknown> };
  t.match(handler.httpHandlerConfigs(), {
    connectionTimeout: 1_000,
    requestTimeout: 2_500,
    throwOnRequestTimeout: true,
    httpsAgent: { keepAlive: true, maxSockets: 4 },
  });
});

const STATIC_IMPORT = /^\s*(?:import|export)\b(?! type\b)[^'";]*?\bfrom\s*['"]([^'"]+)['"]/gm;

/** The packages that a module needs before it runs its first line: those of a dynamic import are not among them. */
const neededBy = (entry: string): ReadonlySet<string> => {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const [, specifier = ''] of readFileSync(join(ROOT, path), 'utf8').matchAll(STATIC_IMPORT)) {
      if (specifier.startsWith('.')) visit(join(dirname(path), specifier));
      else packages.add(specifier);
    }
  };
  visit(entry);
  return packages;
};

t.test('Given local mode, when the server is started, then it loads none of these clients', (t) => {
  const own = new Set(
    globSync('src/adapters/aws-inventory*.ts', { cwd: ROOT }).flatMap((path) => [
      ...neededBy(path.replaceAll('\\', '/')),
    ]),
  );
  const clients = [...own].filter((name) => name.startsWith('@aws-sdk/client-'));
  t.equal(clients.length, 5, 'they were found');
  const needed = neededBy('src/server.ts');
  t.ok(needed.has('@aws-sdk/client-dynamodb'), 'what it does load was found');
  t.strictSame(
    clients.filter((name) => needed.has(name)),
    [],
  );
  t.end();
});
