# What is kept: the table, the secrets, the images, the logs.
mock_provider "aws" {
  source = "./tests/mocks"
}

run "as_it_is" {
  command = apply

  # Table.
  assert {
    condition     = aws_dynamodb_table.this.deletion_protection_enabled && aws_dynamodb_table.this.point_in_time_recovery[0].enabled
    error_message = "The lock stands for real infrastructure: it can neither be deleted nor lost."
  }

  assert {
    condition     = aws_dynamodb_table.this.billing_mode == "PAY_PER_REQUEST"
    error_message = "Nothing is paid for while nothing is asked."
  }

  assert {
    condition     = aws_dynamodb_table.this.on_demand_throughput[0].max_read_request_units == 200 && aws_dynamodb_table.this.on_demand_throughput[0].max_write_request_units == 100 && one(aws_dynamodb_table.this.global_secondary_index).on_demand_throughput[0].max_write_request_units == 100
    error_message = "A ceiling bounds the bill."
  }

  assert {
    condition     = aws_dynamodb_table.this.ttl[0].enabled
    error_message = "What may be forgotten is forgotten."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_dynamodb_resource_policy.this.policy).Statement : statement.Effect == "Deny" && statement.Action == "dynamodb:*" && statement.Condition == { Bool = { "aws:SecureTransport" = "false" } }]) && aws_dynamodb_resource_policy.this.resource_arn == aws_dynamodb_table.this.arn
    error_message = "Nobody reads or writes it without TLS, whoever it is."
  }

  # Secrets.
  assert {
    condition     = toset(keys(aws_secretsmanager_secret.this)) == toset(["GITLAB_TOKEN_SECRET", "OWNER_TOKEN_SECRET", "SIGNING_KEY_SECRET"])
    error_message = "Three secrets."
  }

  assert {
    condition     = alltrue([for key, secret in aws_secretsmanager_secret.this : contains(keys(aws_secretsmanager_secret_policy.this), key) && secret.recovery_window_in_days == 7])
    error_message = "Each has its policy and a week to be missed."
  }

  assert {
    condition     = alltrue(flatten([for policy in aws_secretsmanager_secret_policy.this : [for statement in jsondecode(policy.policy).Statement : statement.Effect == "Deny" && statement.Condition == { Bool = { "aws:SecureTransport" = "false" } }]]))
    error_message = "Nobody reads one without TLS."
  }

  # Registry.
  assert {
    condition     = alltrue([for repository in aws_ecr_repository.this : repository.image_tag_mutability == "IMMUTABLE" && repository.image_scanning_configuration[0].scan_on_push && !repository.force_delete])
    error_message = "A tag stays what it is, every image is scanned, and none is thrown away with its repository."
  }

  assert {
    condition     = keys(aws_ecr_lifecycle_policy.this) == keys(aws_ecr_repository.this)
    error_message = "Old images cost money."
  }

  # Logs.
  assert {
    condition     = alltrue([for days in [aws_cloudwatch_log_group.server.retention_in_days, aws_cloudwatch_log_group.gateway.retention_in_days, aws_cloudwatch_log_group.destroyer.retention_in_days] : days == 30])
    error_message = "No log is kept for ever."
  }
}

run "last_day" {
  command = plan

  variables {
    deletion_protection = false
  }

  assert {
    condition     = !aws_dynamodb_table.this.deletion_protection_enabled && aws_ecr_repository.this["server"].force_delete
    error_message = "It can be torn down, if one says so."
  }
}
