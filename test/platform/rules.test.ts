import { readFileSync } from 'node:fs';
import t from 'tap';
import { type Files, PLATFORM, readPlatform } from './hcl.ts';
import { createRules, problemsOf } from './rules.ts';

const ROLES_TEST = readFileSync(new URL('tests/roles.tftest.hcl', PLATFORM), 'utf8');
const LOOKED_INTO = [
  ...new Set([...ROLES_TEST.matchAll(/(aws_iam_(?:role_)?policy\.\w+)\.policy/g)].map(([, name = '']) => name)),
];
const RULES = createRules(LOOKED_INTO);
const FILES = readPlatform();

t.test('Given the platform as it is, when it is read, then no rule is broken', async (t) => {
  t.ok(Object.keys(FILES).length > 15, 'the files were found');
  t.ok(LOOKED_INTO.length > 7, 'the policies were found');
  t.strictSame(problemsOf(FILES, RULES), []);
});

const added = (text: string): Files => ({ ...FILES, 'added.tf': text });

const changed = (file: string, from: string, to: string): Files => {
  const text = FILES[file];
  if (text === undefined || !text.includes(from)) throw new Error(`${file} has no ${from}`);
  return { ...FILES, [file]: text.replace(from, to) };
};

/** One mistake for each rule, and what has to be said of it. */
const MISTAKES: readonly (readonly [files: Files, problem: string])[] = [
  [
    added('resource "aws_secretsmanager_secret_version" "token" {\n  secret_string = "x"\n}'),
    'no value of a secret is in the state: aws_secretsmanager_secret_version',
  ],
  [
    added('resource "aws_vpc_security_group_ingress_rule" "ssh" {\n  cidr_ipv4 = "0.0.0.0/0"\n}'),
    'the server has one way in: ssh',
  ],
  [
    changed(
      'network.tf',
      'resource "aws_security_group" "server" {',
      'resource "aws_security_group" "server" {\n  ingress = []',
    ),
    'the server has one way in: aws_security_group',
  ],
  [
    added('resource "aws_security_group_rule" "any" {\n  type = "ingress"\n}'),
    'security groups have their rules in resources of their own kind: aws_security_group_rule',
  ],
  [
    added('resource "aws_nat_gateway" "way" {\n}'),
    'nothing that costs by the hour, and is not a task: aws_nat_gateway',
  ],
  [added('resource "aws_iam_access_key" "ci" {\n}'), 'no user and no key: aws_iam_access_key'],
  [added('resource "aws_iam_role_policy" "more" {\n}'), 'every policy is looked into: aws_iam_role_policy.more'],
  [
    changed('gitlab_oidc.tf', 'aws_iam_policy.demo_build.arn', '"arn:aws:iam::aws:policy/AdministratorAccess"'),
    'no policy of AWS is attached: "arn:aws:iam::aws:policy/AdministratorAccess"',
  ],
  [changed('second_destroyer.tf', 'Effect    = "Deny"', 'Effect    = "Allow"'), 'nothing is open to everybody: {'],
  [
    changed('logs.tf', '  retention_in_days = var.log_retention_days\n', ''),
    'every log ends: aws_cloudwatch_log_group.server',
  ],
  [
    changed('alarms.tf', '  alarm_actions       = [aws_sns_topic.alarms.arn]\n', ''),
    'every alarm tells somebody: aws_cloudwatch_metric_alarm.event',
  ],
  [added('data "aws_iam_policy_document" "task" {\n}'), 'every policy can be read by a test: aws_iam_policy_document'],
  [added('resource "random_id" "suffix" {\n}'), 'only AWS’s provider: random_id'],
  [
    changed('network.tf', 'tags                 = { Name = var.name }', 'tags = {\n    deployment_id = "x"\n  }'),
    'nothing here looks like a part of a demo: aws_vpc.this',
  ],
  [added('variable "more" {\n  default = 1\n}'), 'every variable is typed and described: variable more'],
  [added('output "more" {\n  value = 1\n}'), 'every output is described: output more'],
];

t.test('Given one mistake for each rule, when the platform is read, then that one is found', async (t) => {
  t.strictSame(
    [...new Set(MISTAKES.map(([, problem]) => problem.split(': ')[0]))].toSorted(),
    RULES.map(({ rule }) => rule).toSorted(),
    'there is a mistake for each rule',
  );
  for (const [files, problem] of MISTAKES) {
    const found = problemsOf(files, RULES);
    t.ok(
      found.some((text) => text.startsWith(problem)),
      `${problem} (found ${found.join('; ') || 'nothing'})`,
    );
  }
});
