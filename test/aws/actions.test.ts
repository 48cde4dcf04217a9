import { globSync, readFileSync } from 'node:fs';
import t from 'tap';
import {
  DYNAMODB_ACTIONS,
  INVENTORY_ACTIONS,
  PASS_ROLE_ACTIONS,
  SCHEDULER_ACTIONS,
  SECRETS_ACTIONS,
  TASK_ROLE_ACTIONS,
} from '../../src/adapters/aws-actions.ts';

const ROOT = new URL('../../', import.meta.url);

/** What IAM calls the service of a client. */
const IAM_PREFIXES: Readonly<Record<string, string>> = {
  'auto-scaling': 'autoscaling',
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  'resource-groups-tagging-api': 'tag',
  'secrets-manager': 'secretsmanager',
};

const IMPORT = /import\s*\{([^}]*)\}\s*from '@aws-sdk\/client-([a-z0-9-]+)'/g;

/** The IAM action of every command that a text makes. */
const actionsIn = (code: string): readonly string[] =>
  [...code.matchAll(IMPORT)].flatMap(([, names = '', client = '']) =>
    [...names.matchAll(/\b(\w+)Command\b/g)]
      .map(([, operation = '']) => operation)
      .filter((operation) => code.includes(`new ${operation}Command(`))
      .map((operation) => `${IAM_PREFIXES[client] ?? client}:${operation}`),
  );

const sources = globSync('src/**/*.ts', { cwd: ROOT }).map((path) => {
  const found = path.replaceAll('\\', '/');
  return { path: found, code: readFileSync(new URL(found, ROOT), 'utf8') };
});

// What makes the local table is for local mode alone.
const onAws = sources.filter(({ path }) => !path.startsWith('src/local/'));

t.test('Given every call of AWS in the code, when the task role is compared, then it allows just these', async (t) => {
  const called = new Set(onAws.flatMap(({ code }) => actionsIn(code)));
  const allowed = TASK_ROLE_ACTIONS.filter((action) => !PASS_ROLE_ACTIONS.some((other) => other === action));
  t.ok(called.size > 20, 'they were found');
  t.strictSame([...called].toSorted(), allowed.toSorted());
});

t.test('Given the one action that no call is named after, when the code is read, then a role is passed', async (t) => {
  t.strictSame(PASS_ROLE_ACTIONS, ['iam:PassRole']);
  const passing = onAws.filter(({ code }) => /\bRoleArn:/.test(code)).map(({ path }) => path);
  t.strictSame(passing, ['src/adapters/scheduler-schedule.ts']);
});

t.test(
  'Given an SDK command, when it is made outside the adapters, then somebody forgot where vendors stop',
  async (t) => {
    const others = onAws.filter(({ path, code }) => !path.startsWith('src/adapters/') && actionsIn(code).length > 0);
    t.strictSame(others, []);
  },
);

t.test(
  'Given the lists by purpose, when they are put together, then nothing is in two, and none reads a table whole',
  async (t) => {
    const purposes = [DYNAMODB_ACTIONS, SECRETS_ACTIONS, SCHEDULER_ACTIONS, PASS_ROLE_ACTIONS, INVENTORY_ACTIONS];
    const all = purposes.flat<readonly (readonly string[])[]>();
    t.strictSame([...new Set(all)], [...TASK_ROLE_ACTIONS]);
    t.equal(new Set(all).size, all.length);
    for (const actions of purposes) t.strictSame([...actions].toSorted(), [...actions], 'in order');
    t.notOk(all.some((action) => action.includes('*') || /:(Scan|.*Table|Batch.*)$/.test(action)));
  },
);
