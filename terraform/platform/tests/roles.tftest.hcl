# Least privilege. A test in TypeScript sees to it that every policy of this folder is looked at here.
mock_provider "aws" {
  source = "./tests/mocks"
}

run "as_it_is" {
  command = apply

  # Every statement.
  assert {
    condition     = alltrue([for statement in flatten([for policy in [aws_iam_role_policy.execution.policy, aws_iam_role_policy.task.policy, aws_iam_role_policy.probe.policy, aws_iam_role_policy.scheduler.policy, aws_iam_role_policy.destroyer.policy, aws_iam_policy.demo_look.policy, aws_iam_policy.demo_destroy.policy, aws_iam_policy.demo_build.policy, aws_iam_policy.demo_boundary.policy] : jsondecode(policy).Statement]) : try(statement.Condition.Bool, null) == { "aws:SecureTransport" = "true" } if statement.Effect == "Allow"])
    error_message = "A statement allows something without TLS."
  }

  assert {
    condition     = alltrue([for statement in flatten([for policy in [aws_iam_role_policy.execution.policy, aws_iam_role_policy.task.policy, aws_iam_role_policy.probe.policy, aws_iam_role_policy.scheduler.policy, aws_iam_role_policy.destroyer.policy, aws_iam_policy.demo_look.policy, aws_iam_policy.demo_destroy.policy, aws_iam_policy.demo_build.policy] : jsondecode(policy).Statement]) : statement.Effect == "Allow" && !contains(keys(statement), "NotAction") && !contains(keys(statement), "NotResource")])
    error_message = "A role allows all but something."
  }

  assert {
    condition     = alltrue([for action in flatten([for statement in flatten([for policy in [aws_iam_role_policy.execution.policy, aws_iam_role_policy.task.policy, aws_iam_role_policy.probe.policy, aws_iam_role_policy.scheduler.policy, aws_iam_role_policy.destroyer.policy, aws_iam_policy.demo_look.policy, aws_iam_policy.demo_destroy.policy, aws_iam_policy.demo_build.policy] : jsondecode(policy).Statement]) : statement.Action]) : can(regex("^[a-z0-9-]+:[A-Z][A-Za-z]+$", action))])
    error_message = "An action is a pattern; each is to be named."
  }

  # Reading and listing in the services of a demo, a token for the registry and the names of the schedules: AWS limits none
  # of them to a resource.
  assert {
    condition = alltrue([
      for action in flatten([for statement in flatten([for policy in [aws_iam_role_policy.execution.policy, aws_iam_role_policy.task.policy, aws_iam_role_policy.probe.policy, aws_iam_role_policy.scheduler.policy, aws_iam_role_policy.destroyer.policy, aws_iam_policy.demo_look.policy, aws_iam_policy.demo_destroy.policy, aws_iam_policy.demo_build.policy] : jsondecode(policy).Statement]) : statement.Action if contains(flatten([statement.Resource]), "*")]) :
      can(regex("^(autoscaling:Describe|ec2:Describe|eks:(Describe|List)|elasticloadbalancing:Describe)[A-Za-z]+$|^(ecr:GetAuthorizationToken|scheduler:ListSchedules|tag:GetResources)$", action))
    ])
    error_message = "A wildcard resource is for actions that read and that AWS cannot limit."
  }

  assert {
    condition     = alltrue([for resource in flatten([for statement in flatten([for policy in [aws_iam_role_policy.execution.policy, aws_iam_role_policy.task.policy, aws_iam_role_policy.probe.policy, aws_iam_role_policy.scheduler.policy, aws_iam_role_policy.destroyer.policy, aws_iam_policy.demo_look.policy, aws_iam_policy.demo_destroy.policy, aws_iam_policy.demo_build.policy] : jsondecode(policy).Statement]) : statement.Resource]) : resource == "*" || can(regex("^arn:aws:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:[^*]", resource))])
    error_message = "A resource names neither its service nor anything else."
  }

  assert {
    condition     = alltrue([for policy in [aws_iam_policy.demo_look.policy, aws_iam_policy.demo_destroy.policy, aws_iam_policy.demo_build.policy, aws_iam_policy.demo_boundary.policy] : length(policy) < 6144])
    error_message = "A policy is longer than AWS takes."
  }

  # Trust.
  assert {
    condition     = alltrue([for statement in flatten([for policy in [aws_iam_role.execution.assume_role_policy, aws_iam_role.task.assume_role_policy, aws_iam_role.probe.assume_role_policy, aws_iam_role.scheduler.assume_role_policy, aws_iam_role.destroyer.assume_role_policy, aws_iam_role.gitlab.assume_role_policy] : jsondecode(policy).Statement]) : length(keys(statement.Principal)) == 1 && !contains(flatten(values(statement.Principal)), "*")])
    error_message = "A role can be taken by anybody."
  }

  assert {
    condition     = alltrue([for statement in flatten([for policy in [aws_iam_role.execution.assume_role_policy, aws_iam_role.task.assume_role_policy, aws_iam_role.probe.assume_role_policy, aws_iam_role.scheduler.assume_role_policy, aws_iam_role.destroyer.assume_role_policy, aws_iam_role.gitlab.assume_role_policy] : jsondecode(policy).Statement]) : statement.Condition.StringEquals["aws:SourceAccount"] == var.account_id if contains(keys(statement.Principal), "Service")])
    error_message = "A service may take the role for another account."
  }

  # Task role.
  assert {
    condition     = toset([for action in flatten([for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : statement.Action]) : action if startswith(action, "dynamodb:")]) == toset(["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"])
    error_message = "Items and the one index: no Scan, and nothing that looks at or changes the table."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : contains([aws_dynamodb_table.this.arn, "${aws_dynamodb_table.this.arn}/index/listing"], statement.Resource) if can(regex("dynamodb:", jsonencode(statement.Action)))])
    error_message = "Its own table and index."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : toset(statement.Resource) if statement.Action == local.secret_actions]) == toset([for secret in aws_secretsmanager_secret.this : secret.arn])
    error_message = "Its own secrets."
  }

  assert {
    condition     = alltrue([for action in flatten([for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : statement.Action]) : can(regex("^(dynamodb:(Delete|Get|Put|Update)Item|dynamodb:Query|secretsmanager:GetSecretValue|scheduler:(Create|Delete|Get|Update)Schedule|scheduler:ListSchedules|iam:PassRole|(autoscaling|ec2|eks|elasticloadbalancing):(Describe|List)[A-Za-z]+|tag:GetResources)$", action))])
    error_message = "The server can build and delete nothing."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : statement if statement.Action == "iam:PassRole"]).Resource == "arn:aws:iam::111122223333:role/demo-on-demand-scheduler" && one([for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : statement if statement.Action == "iam:PassRole"]).Condition.StringEquals == { "iam:PassedToService" = "scheduler.amazonaws.com" }
    error_message = "One role, to one service."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : statement.Resource if statement.Action == local.schedule_actions]) == "arn:aws:scheduler:us-east-1:111122223333:schedule/demo-on-demand/demo-*"
    error_message = "The schedules of its own group."
  }

  # Execution role.
  assert {
    condition     = !can(regex("secretsmanager|kms|ssm", aws_iam_role_policy.execution.policy))
    error_message = "Starting a task takes no secret."
  }
}
