# Every alarm goes to one topic. Each has a runbook of its name in docs/operations.md, "Alarms on AWS"; a test compares them.

locals {
  # What the server writes down that asks for a person. A test compares them with the table of docs/operations.md.
  event_alarms = {
    dead-letter      = { about = "Something keeps failing.", events = ["dead_letter.present"] }
    overdue          = { about = "A deployment should be gone and is not.", events = ["deployment.overdue"] }
    job-silent       = { about = "The hourly or the nightly job does not run.", events = ["cron.catch_up_failed", "cron.error", "job.silent"] }
    gitlab-token     = { about = "GitLab's token expires soon, or is refused.", events = ["gitlab.token_expiring", "gitlab.unauthorized"] }
    second-destroyer = { about = "The net under a demo could not be set up or told, or had to be told to act.", events = ["second_destroyer.hastened", "second_destroyer.not_armed", "second_destroyer.unavailable"] }
    orphan           = { about = "Something exists without a record, or the account cannot be looked at.", events = ["inventory.sweep_failed", "orphan.adopted", "orphan.destroy_requested", "orphan.not_ours", "orphan.sighted"] }
    tampering        = { about = "A pipeline was not what it should be.", events = ["deployment.link_refused", "pipeline.sha_mismatch"] }
    trouble          = { about = "Something that is needed does not work.", events = ["boot.refused", "check.failing", "deployment.step_failed", "notifier.dropped", "notifier.failed", "preflight.failed", "secrets.unreadable"] }
  }

  metric_namespace = "DemoOnDemand/${var.name}"

  # Alarms on figures. Those of a service exist once there is one.
  metric_alarms = merge(
    {
      second-destroyer-queue = {
        about      = "A start of the second destroyer failed for good."
        namespace  = "AWS/SQS"
        metric     = "ApproximateNumberOfMessagesVisible"
        dimensions = { QueueName = aws_sqs_queue.dead_letters.name }
        statistic  = "Maximum"
        comparison = "GreaterThanOrEqualToThreshold"
        threshold  = 1
        period     = 300
        periods    = 1
        breaching  = 1
        missing    = "notBreaching"
      }
      # Counts builds that ran out of time as well.
      second-destroyer-builds = {
        about      = "A build of the second destroyer failed or took too long."
        namespace  = "AWS/CodeBuild"
        metric     = "FailedBuilds"
        dimensions = { ProjectName = local.destroyer_project }
        statistic  = "Sum"
        comparison = "GreaterThanOrEqualToThreshold"
        threshold  = 1
        period     = 300
        periods    = 1
        breaching  = 1
        missing    = "notBreaching"
      }
    },
    local.is_serving ? {
      # Fargate writes this metric each minute for each task, so no sample means no task.
      no-task = {
        about      = "No task of the server runs."
        namespace  = "AWS/ECS"
        metric     = "CPUUtilization"
        dimensions = { ClusterName = aws_ecs_cluster.this.name, ServiceName = aws_ecs_service.server[0].name }
        statistic  = "SampleCount"
        comparison = "LessThanThreshold"
        threshold  = 1
        period     = 60
        periods    = 5
        breaching  = 5
        missing    = "breaching"
      }
      gateway-5xx = {
        about      = "Visitors get errors."
        namespace  = "AWS/ApiGateway"
        metric     = "5xx"
        dimensions = { ApiId = aws_apigatewayv2_api.this.id }
        statistic  = "Sum"
        comparison = "GreaterThanOrEqualToThreshold"
        threshold  = 5
        period     = 300
        periods    = 1
        breaching  = 1
        missing    = "notBreaching"
      }
      no-answer = {
        about      = "The public address does not answer the probe."
        namespace  = "AWS/Events"
        metric     = "FailedInvocations"
        dimensions = { RuleName = aws_cloudwatch_event_rule.probe[0].name }
        statistic  = "Sum"
        comparison = "GreaterThanOrEqualToThreshold"
        threshold  = 1
        period     = 600
        periods    = 3
        breaching  = 2
        missing    = "notBreaching"
      }
      # A server that is not there cannot say that it is silent.
      sweep-missing = {
        about      = "No hourly job has ended for two hours."
        namespace  = local.metric_namespace
        metric     = aws_cloudwatch_log_metric_filter.sweep.metric_transformation[0].name
        dimensions = {}
        statistic  = "Sum"
        comparison = "LessThanThreshold"
        threshold  = 1
        period     = 3600
        periods    = 2
        breaching  = 2
        missing    = "breaching"
      }
    } : {},
  )
}

# Without a default value a metric costs only the hours in which something was written.
resource "aws_cloudwatch_log_metric_filter" "event" {
  for_each = local.event_alarms

  name           = "${var.name}-${each.key}"
  log_group_name = aws_cloudwatch_log_group.server.name
  pattern        = "{ ${join(" || ", [for event in each.value.events : "($.event = \"${event}\")"])} }"

  metric_transformation {
    namespace = local.metric_namespace
    name      = each.key
    value     = "1"
  }
}

resource "aws_cloudwatch_log_metric_filter" "sweep" {
  name           = "${var.name}-sweep"
  log_group_name = aws_cloudwatch_log_group.server.name
  pattern        = "{ ($.event = \"job.completed\") && ($.job = \"hourly\") }"

  metric_transformation {
    namespace = local.metric_namespace
    name      = "sweep-completed"
    value     = "1"
  }
}

# What lasts is written again every hour, so two periods keep the alarm up until it is over.
resource "aws_cloudwatch_metric_alarm" "event" {
  for_each = local.event_alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "${each.value.about} Runbook: docs/operations.md, alarm ${each.key}."
  namespace           = local.metric_namespace
  metric_name         = aws_cloudwatch_log_metric_filter.event[each.key].metric_transformation[0].name
  statistic           = "Sum"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  period              = 3600
  evaluation_periods  = 2
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "metric" {
  for_each = local.metric_alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "${each.value.about} Runbook: docs/operations.md, alarm ${each.key}."
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = each.value.period
  evaluation_periods  = each.value.periods
  datapoints_to_alarm = each.value.breaching
  treat_missing_data  = each.value.missing
  alarm_actions       = [aws_sns_topic.alarms.arn]
}
