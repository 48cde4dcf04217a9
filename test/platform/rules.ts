import { blocksOf, codeOf, type Files, resourcesOf } from './hcl.ts';

/** What must hold for the text of the whole folder, since `terraform test` sees only what it asks for by name. */
interface Rule {
  readonly rule: string;
  /** What breaks it, each in a few words. */
  readonly offenders: (code: string) => readonly string[];
}

const resourceTypes = (code: string): readonly string[] =>
  blocksOf(code, 'resource').map(({ labels }) => labels[0] ?? '');

const withoutLine = (type: string, line: RegExp) => (code: string) =>
  [...resourcesOf(code, type)].flatMap(([label, body]) => (line.test(body) ? [] : [`${type}.${label}`]));

const ofTypes =
  (...types: readonly RegExp[]) =>
  (code: string) =>
    resourceTypes(code).filter((type) => types.some((pattern) => pattern.test(type)));

const undescribed = (kind: 'variable' | 'output', needed: readonly RegExp[]) => (code: string) =>
  blocksOf(code, kind).flatMap(({ labels, body }) =>
    needed.every((line) => line.test(body)) ? [] : [`${kind} ${labels[0]}`],
  );

/** The policies that `tests/roles.tftest.hcl` looks into statement by statement. */
const policiesApartFrom = (known: readonly string[]) => (code: string) =>
  ['aws_iam_role_policy', 'aws_iam_policy', 'aws_iam_user_policy', 'aws_iam_group_policy'].flatMap((type) =>
    [...resourcesOf(code, type).keys()].map((label) => `${type}.${label}`).filter((name) => !known.includes(name)),
  );

/** An ARN of AWS's own policies: they are wide, and change without us. */
const awsOwnPolicies = (code: string) =>
  [...code.matchAll(/"arn:[^"]*:iam::aws:policy[^"]*"/g)].map(([found]) => found);

const inboundRules = (code: string) =>
  [...resourcesOf(code, 'aws_vpc_security_group_ingress_rule').keys()]
    .filter((label) => label !== 'server_from_link')
    .concat(blocksOf(code, 'resource').flatMap(({ labels, body }) => (/^\s+ingress\s*[={]/m.test(body) ? labels : [])));

/** For everybody, without saying no. */
const openPrincipals = (code: string) =>
  [...code.matchAll(/\{[^{}]*Principal\s*=\s*("\*"|\{\s*AWS\s*=\s*"\*")[^{}]*/g)]
    .map(([statement]) => statement)
    .filter((statement) => !/Effect\s*=\s*"Deny"/.test(statement));

export const createRules = (policies: readonly string[]): readonly Rule[] => [
  {
    rule: 'no value of a secret is in the state',
    offenders: ofTypes(/^aws_secretsmanager_secret_version$/, /^aws_ssm_parameter$/),
  },
  { rule: 'the server has one way in', offenders: inboundRules },
  {
    rule: 'security groups have their rules in resources of their own kind',
    offenders: ofTypes(/^aws_security_group_rule$/),
  },
  {
    rule: 'nothing that costs by the hour, and is not a task',
    offenders: ofTypes(/^aws_(nat_gateway|eip|lb|alb|elb|vpc_endpoint|kms_key|instance|db_instance|eks_cluster)$/),
  },
  { rule: 'no user and no key', offenders: ofTypes(/^aws_iam_(user|access_key|group)/) },
  { rule: 'every policy is looked into', offenders: policiesApartFrom(policies) },
  { rule: 'no policy of AWS is attached', offenders: awsOwnPolicies },
  { rule: 'nothing is open to everybody', offenders: openPrincipals },
  { rule: 'every log ends', offenders: withoutLine('aws_cloudwatch_log_group', /^\s*retention_in_days\s*=\s*var\./m) },
  {
    rule: 'every alarm tells somebody',
    offenders: withoutLine('aws_cloudwatch_metric_alarm', /^\s*alarm_actions\s*=\s*\[aws_sns_topic\.alarms\.arn\]/m),
  },
  {
    rule: 'every policy can be read by a test',
    offenders: (code) =>
      blocksOf(code, 'data').flatMap(({ labels }) => (/policy_document/.test(`${labels[0]}`) ? labels : [])),
  },
  {
    rule: 'only AWS’s provider',
    offenders: (code) => resourceTypes(code).filter((type) => !/^(aws|terraform)_/.test(type)),
  },
  {
    rule: 'nothing here looks like a part of a demo',
    offenders: (code) =>
      blocksOf(code, 'resource').flatMap(({ labels, body }) =>
        /^\s+"?(deployment_id|demo_installation)"?\s*=/m.test(body) ? [labels.join('.')] : [],
      ),
  },
  {
    rule: 'every variable is typed and described',
    offenders: undescribed('variable', [/^\s*description\s*=\s*"[^"]{10,}/m, /^\s*type\s*=/m]),
  },
  { rule: 'every output is described', offenders: undescribed('output', [/^\s*description\s*=\s*"[^"]{5,}/m]) },
];

/** What is wrong with the folder, each as `rule: offender`. */
export const problemsOf = (files: Files, rules: readonly Rule[]): readonly string[] => {
  const code = codeOf(files);
  return rules.flatMap(({ rule, offenders }) => offenders(code).map((offender) => `${rule}: ${offender}`));
};
