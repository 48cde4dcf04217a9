# The server on Fargate, without a load balancer. Everything it keeps is in the table.

locals {
  # What the module knows itself. A test compares the names with src/config-schema.ts.
  environment = merge(
    {
      MODE             = "aws"
      PORT             = tostring(local.container_port)
      PUBLIC_URL       = local.public_url
      ALLOWED_ORIGINS  = join(",", var.allowed_origins)
      CLIENT_IP_SOURCE = "header:${local.client_address_header}"
      DRAIN_SECONDS    = tostring(var.drain_seconds)
      TABLE_NAME       = aws_dynamodb_table.this.name
      AWS_REGION       = var.region
      GITLAB_URL       = var.gitlab_url
      GITLAB_PROJECT   = var.gitlab_project
      GITLAB_REF       = var.gitlab_ref
      LIVE_ORIGINS     = local.live_origin

      SECOND_DESTROYER_GROUP                 = aws_scheduler_schedule_group.this.name
      SECOND_DESTROYER_PROJECT               = local.destroyer_project
      SECOND_DESTROYER_ROLE_ARN              = aws_iam_role.scheduler.arn
      SECOND_DESTROYER_DEAD_LETTER_QUEUE_ARN = aws_sqs_queue.dead_letters.arn
    },
    # Where each secret is kept, never what it is.
    { for variable, secret in aws_secretsmanager_secret.this : variable => secret.arn },
  )

  # What may be set beside that, in var.settings. Left out on purpose: what the alarms rely on (HOURLY_CRON), what only
  # tests switch off (RECONCILE_TIMER, CRON_JOBS), and where to listen and ask (HOST, DYNAMODB_ENDPOINT).
  settable = [
    "CANCEL_DEADLINE_MINUTES",
    "CRON_TIME_ZONE",
    "DEMO_HOURLY_COST_USD",
    "DEMO_MAX_LIFETIME_MINUTES",
    "DEMO_TTL_MINUTES",
    "DEPLOY_DEADLINE_MINUTES",
    "DESTROY_DEADLINE_MINUTES",
    "LIVE_DEADLINE_MINUTES",
    "LOG_LEVEL",
    "MONTHLY_BUDGET_USD",
    "NIGHTLY_CRON",
    "QUOTA_NO_ORIGIN_PER_DAY",
    "QUOTA_PER_DAY",
    "QUOTA_PER_VISITOR_PER_DAY",
    "RATE_LIMIT_BURST",
    "RATE_LIMIT_PER_SECOND",
    "SHOW_PIPELINE_LINK",
    "START_DEADLINE_MINUTES",
  ]
}

resource "aws_ecs_cluster" "this" {
  name = var.name

  # Its metrics cost more than the task.
  setting {
    name  = "containerInsights"
    value = "disabled"
  }
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
}

resource "aws_ecs_task_definition" "server" {
  count = local.is_serving ? 1 : 0

  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "ARM64"
  }

  container_definitions = jsonencode([{
    name      = "server"
    image     = "${aws_ecr_repository.this["server"].repository_url}@${var.image_digest}"
    essential = true
    # The image's own user, by number.
    user                   = "1000:1000"
    readonlyRootFilesystem = true
    privileged             = false

    linuxParameters = {
      initProcessEnabled = true
      capabilities       = { add = [], drop = ["ALL"] }
    }

    portMappings = [{ containerPort = local.container_port, protocol = "tcp" }]

    # The longest that the server takes to end is its drain time and 30 s; 10 s to spare.
    stopTimeout = var.drain_seconds + 40

    environment = [for name, value in merge(var.settings, local.environment) : { name = name, value = value }]

    # ECS does not look at the check that the image brings along. There is no shell and no curl in it. A start waits up to
    # 45 s for permissions that were just given.
    healthCheck = {
      command     = ["CMD", "node", "bin/healthcheck.js", "PORT"]
      interval    = 10
      timeout     = 3
      retries     = 3
      startPeriod = 60
    }

    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.server.name
        awslogs-region        = var.region
        awslogs-stream-prefix = "task"
        # A log that cannot be written must not stop a teardown.
        mode            = "non-blocking"
        max-buffer-size = "4m"
      }
    }
  }])
}

resource "aws_ecs_service" "server" {
  count = local.is_serving ? 1 : 0

  name                          = "server"
  cluster                       = aws_ecs_cluster.this.id
  task_definition               = aws_ecs_task_definition.server[0].arn
  desired_count                 = var.tasks.min # Where autoscaling has added one, an apply takes it away and it comes back.
  platform_version              = "1.4.0"
  enable_execute_command        = false
  enable_ecs_managed_tags       = true
  propagate_tags                = "SERVICE"
  availability_zone_rebalancing = "ENABLED"

  # The new task serves before the old one is told to stop.
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  capacity_provider_strategy {
    capacity_provider = var.use_spot ? "FARGATE_SPOT" : "FARGATE"
    weight            = 1
  }

  network_configuration {
    subnets         = aws_subnet.public[*].id
    security_groups = [aws_security_group.server.id]
    # The way out: a public address is a ninth of a NAT gateway.
    assign_public_ip = true
  }

  service_registries {
    registry_arn   = aws_service_discovery_service.server.arn
    container_name = "server"
    container_port = local.container_port
  }

  # A task that starts before it may do anything is not healthy in time, and the deployment would be rolled back.
  depends_on = [
    aws_ecs_cluster_capacity_providers.this,
    aws_iam_role_policy.execution,
    aws_iam_role_policy.task,
    aws_route.out,
    aws_codebuild_project.destroyer,
  ]
}

resource "aws_appautoscaling_target" "server" {
  count = local.is_serving && var.tasks.max > var.tasks.min ? 1 : 0

  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${aws_ecs_cluster.this.name}/${aws_ecs_service.server[0].name}"
  min_capacity       = var.tasks.min
  max_capacity       = var.tasks.max
}

resource "aws_appautoscaling_policy" "server" {
  count = local.is_serving && var.tasks.max > var.tasks.min ? 1 : 0

  name               = "${var.name}-processor"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.server[0].service_namespace
  scalable_dimension = aws_appautoscaling_target.server[0].scalable_dimension
  resource_id        = aws_appautoscaling_target.server[0].resource_id

  target_tracking_scaling_policy_configuration {
    target_value = 70

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}
