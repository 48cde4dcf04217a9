# The task: what it is allowed to be.
mock_provider "aws" {
  source = "./tests/mocks"
}

run "as_it_is" {
  command = apply

  # Container.
  assert {
    condition     = length(jsondecode(aws_ecs_task_definition.server[0].container_definitions)) == 1
    error_message = "One container; whatever holds for it holds for all."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.server[0].container_definitions)[0].readonlyRootFilesystem == true
    error_message = "The root file system is read-only."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.server[0].container_definitions)[0].user == "1000:1000"
    error_message = "Not root, and by number."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.server[0].container_definitions)[0].privileged == false && jsondecode(aws_ecs_task_definition.server[0].container_definitions)[0].linuxParameters.capabilities.drop == ["ALL"] && length(jsondecode(aws_ecs_task_definition.server[0].container_definitions)[0].linuxParameters.capabilities.add) == 0
    error_message = "No capability is left."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.server[0].container_definitions)[0].linuxParameters.initProcessEnabled == true
    error_message = "Node is no init process."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.server[0].container_definitions)[0].image == "111122223333.dkr.ecr.us-east-1.amazonaws.com/demo-on-demand/server@${var.image_digest}"
    error_message = "The image is named by its digest."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.server[0].container_definitions)[0].stopTimeout == 70
    error_message = "30 s to drain, 30 s to end, 10 s to spare."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.server[0].container_definitions)[0].healthCheck.command[0] == "CMD"
    error_message = "There is no shell in the image."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.server[0].container_definitions)[0].logConfiguration.options.mode == "non-blocking"
    error_message = "A log that cannot be written must not stop a teardown."
  }

  assert {
    condition     = !contains(keys(jsondecode(aws_ecs_task_definition.server[0].container_definitions)[0]), "secrets")
    error_message = "Secrets are fetched by the server while it runs, so that they can be rotated."
  }

  assert {
    condition     = alltrue([for name in ["GITLAB_TOKEN_SECRET", "OWNER_TOKEN_SECRET", "SIGNING_KEY_SECRET"] : can(regex("^arn:aws:secretsmanager:", one([for variable in jsondecode(aws_ecs_task_definition.server[0].container_definitions)[0].environment : variable.value if variable.name == name])))])
    error_message = "The environment says where a secret is, never what it is."
  }

  assert {
    condition     = aws_ecs_task_definition.server[0].runtime_platform[0].cpu_architecture == "ARM64" && aws_ecs_task_definition.server[0].cpu == "256" && aws_ecs_task_definition.server[0].memory == "512"
    error_message = "The size that the cost model is about."
  }

  assert {
    condition     = aws_ecs_task_definition.server[0].network_mode == "awsvpc" && aws_ecs_task_definition.server[0].task_role_arn == "arn:aws:iam::111122223333:role/demo-on-demand-task" && aws_ecs_task_definition.server[0].execution_role_arn == "arn:aws:iam::111122223333:role/demo-on-demand-execution"
    error_message = "Two roles: one to start, one to serve."
  }

  # Service.
  assert {
    condition     = aws_ecs_service.server[0].deployment_circuit_breaker[0].enable && aws_ecs_service.server[0].deployment_circuit_breaker[0].rollback
    error_message = "A version that does not get healthy is rolled back."
  }

  assert {
    condition     = aws_ecs_service.server[0].deployment_minimum_healthy_percent == 100 && aws_ecs_service.server[0].deployment_maximum_percent == 200
    error_message = "The old task serves until the new one does."
  }

  assert {
    condition     = aws_ecs_service.server[0].enable_execute_command == false
    error_message = "Nobody opens a shell in the task."
  }

  assert {
    condition     = one(aws_ecs_service.server[0].capacity_provider_strategy).capacity_provider == "FARGATE" && aws_ecs_service.server[0].desired_count == 1
    error_message = "One task, on demand, by default."
  }

  assert {
    condition     = length(aws_appautoscaling_target.server) == 0
    error_message = "With one task there is nothing to scale."
  }
}

run "two_on_spot" {
  command = plan

  variables {
    use_spot = true
    tasks    = { min = 1, max = 2 }
  }

  assert {
    condition     = one(aws_ecs_service.server[0].capacity_provider_strategy).capacity_provider == "FARGATE_SPOT"
    error_message = "All of it on Spot."
  }

  assert {
    condition     = aws_appautoscaling_target.server[0].min_capacity == 1 && aws_appautoscaling_target.server[0].max_capacity == 2 && length(aws_appautoscaling_policy.server) == 1
    error_message = "From one to two tasks."
  }
}

run "longest_drain" {
  command = apply

  variables {
    drain_seconds = 80
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.server[0].container_definitions)[0].stopTimeout == 120
    error_message = "Fargate waits 120 s at most."
  }
}

run "settings" {
  command = apply

  variables {
    settings = { DEMO_TTL_MINUTES = "45" }
    webhook  = true
  }

  assert {
    condition     = one([for variable in jsondecode(aws_ecs_task_definition.server[0].container_definitions)[0].environment : variable.value if variable.name == "DEMO_TTL_MINUTES"]) == "45"
    error_message = "A setting reaches the server."
  }

  assert {
    condition     = contains([for variable in jsondecode(aws_ecs_task_definition.server[0].container_definitions)[0].environment : variable.name], "WEBHOOK_SECRET")
    error_message = "The webhook's secret is named as well."
  }
}

run "first_apply" {
  command = plan

  variables {
    image_digest           = null
    destroyer_image_digest = null
  }

  assert {
    condition     = length(aws_ecs_service.server) == 0 && length(aws_codebuild_project.destroyer) == 0 && length(aws_ecr_repository.this) == 2
    error_message = "Without images there are repositories and no service."
  }

  assert {
    condition     = !contains(keys(aws_cloudwatch_metric_alarm.metric), "no-task") && !contains(keys(aws_cloudwatch_metric_alarm.metric), "sweep-missing")
    error_message = "Nothing rings because there is no service yet."
  }
}
