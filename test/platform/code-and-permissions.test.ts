import { readFileSync } from 'node:fs';
import t from 'tap';
import {
  DYNAMODB_ACTIONS,
  INVENTORY_ACTIONS,
  PASS_ROLE_ACTIONS,
  SCHEDULER_ACTIONS,
  SECRETS_ACTIONS,
  TASK_ROLE_ACTIONS,
} from '../../src/adapters/aws-actions.ts';
import { TABLE_SCHEMA } from '../../src/adapters/dynamodb-schema.ts';
import { NAME_PREFIX, scheduleFor } from '../../src/adapters/scheduler-schedule.ts';
import { codeOf, contentsOf, readPlatform, resourcesOf, textsOf } from './hcl.ts';

const CODE = codeOf(readPlatform());
const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const bodyOf = (type: string, label: string): string => {
  const body = resourcesOf(CODE, type).get(label);
  if (body === undefined) throw new Error(`no ${type}.${label}`);
  return body;
};

const sorted = (texts: readonly string[]): readonly string[] => texts.toSorted();

/** The actions of a role's statements, those in lists by the names of the lists. */
const allowedIn = (policy: string): readonly string[] =>
  [...policy.matchAll(/^\s*Action\s*=\s*(.+)$/gm)].flatMap(([, value = '']) =>
    value.startsWith('local.')
      ? textsOf(CODE, value.slice('local.'.length).trim())
      : [...value.matchAll(/"([^"]+)"/g)].map(([, action = '']) => action),
  );

t.test("Given the task's role, when it is compared with the code, then both have the same actions", async (t) => {
  t.strictSame(sorted(textsOf(CODE, 'inventory_actions')), sorted(INVENTORY_ACTIONS));
  t.strictSame(sorted([...textsOf(CODE, 'item_actions'), ...textsOf(CODE, 'index_actions')]), sorted(DYNAMODB_ACTIONS));
  t.strictSame(textsOf(CODE, 'secret_actions'), SECRETS_ACTIONS);
  t.strictSame(
    sorted([...textsOf(CODE, 'schedule_actions'), ...textsOf(CODE, 'schedule_list_actions')]),
    sorted(SCHEDULER_ACTIONS),
  );
  const allowed = allowedIn(bodyOf('aws_iam_role_policy', 'task'));
  t.strictSame(sorted(allowed), sorted(TASK_ROLE_ACTIONS), 'each of them once, and no other');
  t.ok(PASS_ROLE_ACTIONS.every((action) => allowed.includes(action)));
});

t.test('Given the table, when it is compared with the code, then both have the same names', async (t) => {
  const { key, listingIndex, listed, listedAt, expires } = TABLE_SCHEMA;
  const named = Object.fromEntries(
    [...contentsOf(CODE, 'table').matchAll(/^\s*(\w+)\s*=\s*"(\w+)"/gm)].map(([, name, value]) => [name, value]),
  );
  t.strictSame(named, { key, listing_index: listingIndex, listed, listed_at: listedAt, expires });
  const table = bodyOf('aws_dynamodb_table', 'this');
  t.match(table, /hash_key\s*=\s*local\.table\.key/);
  t.match(table, /name\s*=\s*local\.table\.listing_index\s+projection_type\s*=\s*"ALL"/);
  t.match(table, /attribute_name = local\.table\.listed\s+key_type\s*=\s*"HASH"/);
  t.match(table, /attribute_name = local\.table\.listed_at\s+key_type\s*=\s*"RANGE"/);
  t.match(table, /ttl \{\s+attribute_name = local\.table\.expires/);
});

t.test('Given a schedule as the code makes it, when it runs, then its role may do what it starts', async (t) => {
  const when = { firstRunAt: 0, expression: 'rate(3 hours)' };
  const builds = { groupName: 'g', projectName: 'p', roleArn: 'r', deadLetterQueueArn: 'q' };
  const { Target, Name } = scheduleFor(builds, '01934a00-52e8-7aaa-8c11-3a51f4c6d001', when);
  const started = Target?.Arn?.replace('arn:aws:scheduler:::aws-sdk:', '').toLowerCase();
  const allowed = allowedIn(bodyOf('aws_iam_role_policy', 'scheduler'));
  t.ok(started !== undefined && allowed.map((action) => action.toLowerCase()).includes(started), `${started}`);
  t.ok(allowed.includes('sqs:SendMessage'), 'and write down what it could not start');
  t.ok(Name?.startsWith(NAME_PREFIX));
  t.match(CODE, `schedule/\${aws_scheduler_schedule_group.this.name}/${NAME_PREFIX}*"`);
});

t.test('Given the image, when it is compared with the task, then user, check and port are the same', async (t) => {
  const dockerfile = read('Dockerfile');
  const service = bodyOf('aws_ecs_task_definition', 'server');
  const user = /^USER (\S+)$/m.exec(dockerfile)?.[1];
  t.ok(user);
  t.match(service, `"${user}"`);
  const check = /HEALTHCHECK [^\n]* CMD (\[[^\]]+"PORT"\])/.exec(dockerfile)?.[1];
  t.match(service, `["CMD", ${check?.slice(1)}`);
  t.match(CODE, `container_port = ${/MODE=aws PORT=(\d+)/.exec(dockerfile)?.[1]}`);
});

t.test('Given how long a task takes to end, when it is stopped, then Fargate waits longer', async (t) => {
  const endsWithinMs = Number(/CLOSE_WITHIN_MS = ([\d_]+)/.exec(read('src/server.ts'))?.[1]?.replaceAll('_', ''));
  const spareSeconds = Number(/stopTimeout = var\.drain_seconds \+ (\d+)/.exec(CODE)?.[1]);
  t.ok(endsWithinMs > 0 && spareSeconds * 1_000 > endsWithinMs, `${spareSeconds} s for ${endsWithinMs} ms`);
});

t.test("Given the decision's table of rights, when the policies are read, then it has every statement", async (t) => {
  const rows = [
    ...read('docs/adr/0024-one-role-for-each-purpose.md').matchAll(/^\| ([a-z]+)(?:, [a-z]+)? \| `(\w+)` \|/gm),
  ].map(([, role, statement]) => `${role} ${statement}`);
  const policies = { demo_look: 'destroyer', demo_destroy: 'destroyer', demo_build: 'gitlab' };
  const statementsOf = (role: string, body: string): readonly string[] =>
    [...body.matchAll(/^\s*Sid\s*=\s*"(\w+)"/gm)].map(([, statement]) => `${role} ${statement}`);
  const inline = [...resourcesOf(CODE, 'aws_iam_role_policy')].flatMap(([role, body]) => statementsOf(role, body));
  const managed = Object.entries(policies).flatMap(([label, role]) =>
    statementsOf(role, bodyOf('aws_iam_policy', label)),
  );
  t.strictSame(rows.toSorted(), [...inline, ...managed].toSorted());
});
