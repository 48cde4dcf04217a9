/**
 * Every IAM action that the table needs: on the table itself, and `Query` on its one index. Nothing reads the whole
 * table, and nothing looks at the table itself.
 */
export const DYNAMODB_ACTIONS = [
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:UpdateItem',
] as const;

/** On the secrets that the configuration names, for their current and their previous version. */
export const SECRETS_ACTIONS = ['secretsmanager:GetSecretValue'] as const;

/**
 * On the schedules of the second destroyer's group; `ListSchedules` cannot be limited to one of them
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html).
 */
export const SCHEDULER_ACTIONS = [
  'scheduler:CreateSchedule',
  'scheduler:DeleteSchedule',
  'scheduler:GetSchedule',
  'scheduler:ListSchedules',
  'scheduler:UpdateSchedule',
] as const;

/**
 * No call of its own: whoever creates or updates a schedule with a role has to be allowed to pass that role on, to
 * Scheduler (https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role).
 */
export const PASS_ROLE_ACTIONS = ['iam:PassRole'] as const;

/**
 * Every IAM action the inventory needs, and no other: all of them only read. None can be limited to a part of the account
 * (`Resource: "*"`) but those of EKS other than `ListClusters`
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/), and those must not be: clusters of any name are
 * asked for their tags. A test holds this list against what is sent.
 */
export const INVENTORY_ACTIONS = [
  'autoscaling:DescribeAutoScalingGroups',
  'ec2:DescribeAddresses',
  'ec2:DescribeInstances',
  'ec2:DescribeLaunchTemplates',
  'ec2:DescribeNatGateways',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroupRules',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeVolumes',
  'eks:DescribeCluster',
  'eks:DescribeNodegroup',
  'eks:ListClusters',
  'eks:ListNodegroups',
  'elasticloadbalancing:DescribeListeners',
  'elasticloadbalancing:DescribeLoadBalancers',
  'elasticloadbalancing:DescribeTags',
  'elasticloadbalancing:DescribeTargetGroups',
  'tag:GetResources',
] as const;

export type InventoryAction = (typeof INVENTORY_ACTIONS)[number];

/**
 * Every IAM action of the task role. Tests hold it against what the server sends, and the infrastructure code against
 * this list, so that the permissions and the code cannot drift apart.
 */
export const TASK_ROLE_ACTIONS = [
  ...DYNAMODB_ACTIONS,
  ...SECRETS_ACTIONS,
  ...SCHEDULER_ACTIONS,
  ...PASS_ROLE_ACTIONS,
  ...INVENTORY_ACTIONS,
] as const;

export type TaskRoleAction = (typeof TASK_ROLE_ACTIONS)[number];
