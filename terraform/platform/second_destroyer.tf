# What takes a demo down when neither the server nor GitLab does (docs/adr/0019). The server makes one schedule for each
# demo in this group; the schedule starts a build of this project for that demo alone.

locals {
  # By name and not by reference: the roles stand before the project can be made, since that needs an image.
  destroyer_project     = "${var.name}-destroyer"
  destroyer_project_arn = "arn:${local.partition}:codebuild:${local.account}:project/${local.destroyer_project}"

  # What the image has to bring along, and what it is told. DEPLOYMENT_ID comes with each start: without it there is nothing
  # to destroy.
  destroyer_command = "destroy.sh"
  destroyer_environment = {
    DEMO_INSTALLATION = var.name
    STATE_BUCKET      = local.demo_state_bucket
  }
}

resource "aws_scheduler_schedule_group" "this" {
  name = var.name
}

# Starts that failed for good. Nothing reads it: an alarm tells that something is in it, and the next run comes anyway.
resource "aws_sqs_queue" "dead_letters" {
  name                      = "${var.name}-second-destroyer-failed"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue_policy" "dead_letters" {
  queue_url = aws_sqs_queue.dead_letters.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OnlyWithTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = aws_sqs_queue.dead_letters.arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_iam_role" "scheduler" {
  name        = "${var.name}-scheduler"
  description = "EventBridge Scheduler: starts the second destroyer, and notes what it could not start."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = {
          "aws:SourceAccount" = var.account_id
          "aws:SourceArn"     = aws_scheduler_schedule_group.this.arn
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "scheduler" {
  name = "start-destroyer"
  role = aws_iam_role.scheduler.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "StartDestroyer"
        Effect    = "Allow"
        Action    = "codebuild:StartBuild"
        Resource  = local.destroyer_project_arn
        Condition = local.secure
      },
      {
        Sid       = "NoteFailure"
        Effect    = "Allow"
        Action    = "sqs:SendMessage"
        Resource  = aws_sqs_queue.dead_letters.arn
        Condition = local.secure
      },
    ]
  })
}

# Terraform, its provider and destroy.sh are in the image, so nothing is fetched from GitLab or anywhere else.
resource "aws_codebuild_project" "destroyer" {
  count = local.has_destroyer ? 1 : 0

  name                   = local.destroyer_project
  description            = "Destroys the one demo whose id is in DEPLOYMENT_ID."
  service_role           = aws_iam_role.destroyer.arn
  concurrent_build_limit = 1
  build_timeout          = 60
  queued_timeout         = 60

  source {
    type = "NO_SOURCE"
    buildspec = yamlencode({
      version = "0.2"
      phases  = { build = { commands = [local.destroyer_command] } }
    })
  }

  artifacts {
    type = "NO_ARTIFACTS"
  }

  environment {
    type                        = "ARM_CONTAINER"
    compute_type                = "BUILD_GENERAL1_SMALL"
    image                       = "${aws_ecr_repository.this["destroyer"].repository_url}@${var.destroyer_image_digest}"
    image_pull_credentials_type = "SERVICE_ROLE"
    privileged_mode             = false

    dynamic "environment_variable" {
      for_each = local.destroyer_environment

      content {
        name  = environment_variable.key
        value = environment_variable.value
        type  = "PLAINTEXT"
      }
    }
  }

  logs_config {
    cloudwatch_logs {
      status     = "ENABLED"
      group_name = aws_cloudwatch_log_group.destroyer.name
    }

    s3_logs {
      status = "DISABLED"
    }
  }

  depends_on = [aws_iam_role_policy.destroyer, aws_iam_role_policy_attachment.destroyer]
}
