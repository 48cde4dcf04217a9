# One role for each purpose. Every statement asks for TLS. A resource is "*" only for actions that read or list and that
# AWS cannot limit to a resource; each of them is named in one of the lists here and in demo_rights.tf.

locals {
  # All of it on single items, and Query on the one index. Nothing that looks at, scans or changes the table.
  item_actions  = ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
  index_actions = ["dynamodb:Query"]

  secret_actions = ["secretsmanager:GetSecretValue"]

  schedule_actions = [
    "scheduler:CreateSchedule",
    "scheduler:DeleteSchedule",
    "scheduler:GetSchedule",
    "scheduler:UpdateSchedule",
  ]

  # Lists, and cannot be limited to a group.
  schedule_list_actions = ["scheduler:ListSchedules"]

  # What the inventory asks: only Describe, List and Get.
  inventory_actions = [
    "autoscaling:DescribeAutoScalingGroups",
    "ec2:DescribeAddresses",
    "ec2:DescribeInstances",
    "ec2:DescribeLaunchTemplates",
    "ec2:DescribeNatGateways",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroupRules",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeVolumes",
    "eks:DescribeCluster",
    "eks:DescribeNodegroup",
    "eks:ListClusters",
    "eks:ListNodegroups",
    "elasticloadbalancing:DescribeListeners",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeTags",
    "elasticloadbalancing:DescribeTargetGroups",
    "tag:GetResources",
  ]

  pull_actions = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
  ]

  # A token for the registry as a whole; it opens nothing that the actions above do not.
  registry_token_actions = ["ecr:GetAuthorizationToken"]

  log_actions = ["logs:CreateLogStream", "logs:PutLogEvents"]

  schedules = "arn:${local.partition}:scheduler:${local.account}:schedule/${aws_scheduler_schedule_group.this.name}/demo-*"
}

# What Fargate needs to start a task. It reads no secret: the server does that itself, while it runs.
resource "aws_iam_role" "execution" {
  name        = "${var.name}-execution"
  description = "Fargate: pulls the server's image and writes its log."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = local.from_our_tasks
    }]
  })
}

locals {
  from_our_tasks = {
    StringEquals = { "aws:SourceAccount" = var.account_id }
    ArnLike      = { "aws:SourceArn" = "arn:${local.partition}:ecs:${local.account}:*" }
  }
}

resource "aws_iam_role_policy" "execution" {
  name = "start-task"
  role = aws_iam_role.execution.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "RegistryToken"
        Effect    = "Allow"
        Action    = local.registry_token_actions
        Resource  = "*"
        Condition = local.secure
      },
      {
        Sid       = "PullImage"
        Effect    = "Allow"
        Action    = local.pull_actions
        Resource  = aws_ecr_repository.this["server"].arn
        Condition = local.secure
      },
      {
        Sid       = "WriteLog"
        Effect    = "Allow"
        Action    = local.log_actions
        Resource  = "${aws_cloudwatch_log_group.server.arn}:*"
        Condition = local.secure
      },
    ]
  })
}

# What the server may do. It can build and delete nothing: that is GitLab's, or the second destroyer's.
resource "aws_iam_role" "task" {
  name        = "${var.name}-task"
  description = "The server: its table, its secrets, its schedules, and looking at what demos have left."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = local.from_our_tasks
    }]
  })
}

resource "aws_iam_role_policy" "task" {
  name = "serve"
  role = aws_iam_role.task.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Items"
        Effect    = "Allow"
        Action    = local.item_actions
        Resource  = aws_dynamodb_table.this.arn
        Condition = local.secure
      },
      {
        Sid       = "Listing"
        Effect    = "Allow"
        Action    = local.index_actions
        Resource  = "${aws_dynamodb_table.this.arn}/index/${local.table.listing_index}"
        Condition = local.secure
      },
      {
        Sid       = "Secrets"
        Effect    = "Allow"
        Action    = local.secret_actions
        Resource  = [for secret in aws_secretsmanager_secret.this : secret.arn]
        Condition = local.secure
      },
      {
        Sid       = "Schedules"
        Effect    = "Allow"
        Action    = local.schedule_actions
        Resource  = local.schedules
        Condition = local.secure
      },
      {
        Sid       = "ListSchedules"
        Effect    = "Allow"
        Action    = local.schedule_list_actions
        Resource  = "*"
        Condition = local.secure
      },
      {
        # Whoever makes a schedule has to be allowed to hand it its role; this one, to Scheduler, and no other.
        Sid       = "PassSchedulerRole"
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = aws_iam_role.scheduler.arn
        Condition = merge(local.secure, { StringEquals = { "iam:PassedToService" = "scheduler.amazonaws.com" } })
      },
      {
        Sid       = "Inventory"
        Effect    = "Allow"
        Action    = local.inventory_actions
        Resource  = "*"
        Condition = local.secure
      },
    ]
  })
}

resource "aws_iam_role" "probe" {
  name        = "${var.name}-probe"
  description = "EventBridge: asks the public address whether the server serves."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "probe" {
  name = "probe"
  role = aws_iam_role.probe.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AskPublicAddress"
      Effect    = "Allow"
      Action    = "events:InvokeApiDestination"
      Resource  = "arn:${local.partition}:events:${local.account}:api-destination/${var.name}-probe/*"
      Condition = local.secure
    }]
  })
}
