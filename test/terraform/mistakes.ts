/** A mistake in the platform: what is written instead of what, and what has to be said of it. */
export interface Mistake {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** The file of tests that has to find it; null where no test is needed to. */
  readonly foundBy: string | null;
  readonly said: RegExp;
}

const mistake = (
  name: string,
  [file, from, to]: readonly [string, string, string],
  foundBy: string | null,
  said: RegExp,
): Mistake => ({ name, file, from, to, foundBy, said });

export const MISTAKES: readonly Mistake[] = [
  mistake(
    'an argument that does not exist',
    ['table.tf', 'billing_mode', 'billing_mood'],
    null,
    /"billing_mood" is not expected here/,
  ),
  mistake(
    'a missing argument',
    ['api.tf', '  protocol_type                = "HTTP"\n', ''],
    null,
    /"protocol_type" is required/,
  ),
  mistake(
    'a wrong type',
    ['service.tf', 'enable_execute_command        = false', 'enable_execute_command        = "never"'],
    null,
    /a bool is required/,
  ),
  mistake(
    'a reference to nothing',
    ['api.tf', 'aws_apigatewayv2_vpc_link.this.id', 'aws_apigatewayv2_vpc_link.that.id'],
    null,
    /has not been declared/,
  ),
  mistake(
    "a wildcard resource in the task's role",
    ['roles.tf', '        Resource  = aws_dynamodb_table.this.arn', '        Resource  = "*"'],
    'roles',
    /A wildcard resource is for actions that read/,
  ),
  mistake(
    'a wildcard action',
    ['roles.tf', 'secret_actions = ["secretsmanager:GetSecretValue"]', 'secret_actions = ["secretsmanager:*"]'],
    'roles',
    /An action is a pattern/,
  ),
  mistake(
    'a Scan',
    ['roles.tf', 'index_actions = ["dynamodb:Query"]', 'index_actions = ["dynamodb:Query", "dynamodb:Scan"]'],
    'roles',
    /Items and the one index/,
  ),
  mistake(
    'an action on the table',
    ['roles.tf', '"dynamodb:DeleteItem", ', '"dynamodb:DeleteItem", "dynamodb:DeleteTable", '],
    'roles',
    /Items and the one index/,
  ),
  mistake(
    'a statement without TLS',
    [
      'roles.tf',
      'Condition = merge(local.secure, { StringEquals = { "iam:PassedToService" = "scheduler.amazonaws.com" } })',
      'Condition = { StringEquals = { "iam:PassedToService" = "scheduler.amazonaws.com" } }',
    ],
    'roles',
    /allows something without TLS/,
  ),
  mistake(
    'a role that may be passed to anything',
    [
      'roles.tf',
      '"iam:PassedToService" = "scheduler.amazonaws.com"',
      '"iam:PassedToService" = "ecs-tasks.amazonaws.com"',
    ],
    'roles',
    /One role, to one service/,
  ),
  mistake(
    'a role for anybody',
    ['roles.tf', 'Principal = { Service = "events.amazonaws.com" }', 'Principal = { AWS = "*" }'],
    'roles',
    /can be taken by anybody/,
  ),
  mistake(
    'public ingress',
    [
      'network.tf',
      '  description                  = "From the VPC link"\n  referenced_security_group_id = aws_security_group.link.id',
      '  description                  = "From the VPC link"\n  referenced_security_group_id = aws_security_group.link.id\n  cidr_ipv4                    = "0.0.0.0/0"',
    ],
    'network',
    /anybody could write the header/,
  ),
  mistake(
    'a throttle that was changed',
    ['api.tf', 'burst      = 10', 'burst      = 100'],
    'api',
    /5 requests a second with bursts of 10/,
  ),
  mistake(
    'a write without its throttle',
    [
      'api.tf',
      'for_each = toset(local.write_routes)',
      'for_each = toset([for route in local.write_routes : route if route != "POST /v1/deployments"])',
    ],
    'api',
    /Every route that writes has the throttle/,
  ),
  mistake(
    'a route for everything',
    ['api.tf', '    "/robots.txt",', '    "/robots.txt",\n    "/{proxy+}",'],
    'api',
    /No route takes whatever follows/,
  ),
  mistake(
    "a visitor's own address header",
    ['api.tf', '"overwrite:header.', '"append:header.'],
    'api',
    /written by the gateway, over whatever he sent/,
  ),
  mistake(
    'an address in the access log',
    ['api.tf', 'requestId        = "$context.requestId"', 'requestId        = "$context.identity.sourceIp"'],
    'api',
    /Nothing of the visitor is written down/,
  ),
  mistake(
    'a root file system that can be written',
    ['service.tf', 'readonlyRootFilesystem = true', 'readonlyRootFilesystem = false'],
    'service',
    /read-only/,
  ),
  mistake('a container of root', ['service.tf', '"1000:1000"', '"0:0"'], 'service', /Not root/),
  mistake(
    'a capability',
    ['service.tf', 'add = [], drop', 'add = ["SYS_PTRACE"], drop'],
    'service',
    /No capability is left/,
  ),
  mistake('an image by tag', ['service.tf', '@$', ':$'], 'service', /named by its digest/),
  mistake('no way back', ['service.tf', 'rollback = true', 'rollback = false'], 'service', /rolled back/),
  mistake(
    'an alarm without an action',
    [
      'alarms.tf',
      '  alarm_actions       = [aws_sns_topic.alarms.arn]\n}\n\nresource "aws_cloudwatch_metric_alarm" "metric"',
      '}\n\nresource "aws_cloudwatch_metric_alarm" "metric"',
    ],
    'alarms',
    /without an action tells nobody/,
  ),
  mistake(
    'silence that is taken for health',
    ['alarms.tf', 'missing    = "breaching"', 'missing    = "notBreaching"'],
    'alarms',
    /Silence is what these two are about/,
  ),
  mistake(
    'a table that can be deleted',
    ['table.tf', 'deletion_protection_enabled = var.deletion_protection', 'deletion_protection_enabled = false'],
    'storage',
    /neither be deleted nor lost/,
  ),
  mistake(
    'a table without a ceiling',
    ['table.tf', 'writes = 100', 'writes = 40000'],
    'storage',
    /A ceiling bounds the bill/,
  ),
  mistake(
    'logs for ever',
    ['logs.tf', 'retention_in_days = var.log_retention_days', 'retention_in_days = 0'],
    'storage',
    /No log is kept for ever/,
  ),
  mistake('tags that move', ['registry.tf', '"IMMUTABLE"', '"MUTABLE"'], 'storage', /A tag stays what it is/),
  mistake(
    'any branch of the project',
    ['gitlab_oidc.tf', 'ref_type:tag:ref:$', 'ref_type:branch:ref:$'],
    'gitlab',
    /any project of that GitLab could take the role/,
  ),
  mistake(
    'no boundary',
    ['gitlab_oidc.tf', '  permissions_boundary = aws_iam_policy.demo_boundary.arn\n', ''],
    'gitlab',
    /takes it no further/,
  ),
  mistake(
    'a landmark that can be destroyed',
    ['demo_rights.tf', '    Null         = { "aws:ResourceTag/deployment_id" = "false" }\n', ''],
    'gitlab',
    /the landmark is not/,
  ),
  mistake(
    'two builds at once',
    ['second_destroyer.tf', 'concurrent_build_limit = 1', 'concurrent_build_limit = 5'],
    'second_destroyer',
    /One build at a time/,
  ),
];
