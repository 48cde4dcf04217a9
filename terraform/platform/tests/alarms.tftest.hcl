# Every alarm reaches somebody.
mock_provider "aws" {
  source = "./tests/mocks"
}

run "as_it_is" {
  command = apply

  # Alarms.
  assert {
    condition     = toset(keys(aws_cloudwatch_metric_alarm.metric)) == toset(["gateway-5xx", "no-answer", "no-task", "second-destroyer-builds", "second-destroyer-queue", "sweep-missing"])
    error_message = "An alarm on figures is missing."
  }

  assert {
    condition     = toset(keys(aws_cloudwatch_metric_alarm.event)) == toset(["dead-letter", "gitlab-token", "job-silent", "orphan", "overdue", "second-destroyer", "tampering", "trouble"])
    error_message = "An alarm on what the server writes is missing."
  }

  assert {
    condition     = alltrue([for alarm in concat(values(aws_cloudwatch_metric_alarm.metric), values(aws_cloudwatch_metric_alarm.event)) : toset(coalesce(alarm.alarm_actions, [])) == toset([aws_sns_topic.alarms.arn]) && alarm.actions_enabled != false])
    error_message = "An alarm without an action tells nobody."
  }

  assert {
    condition     = length(aws_sns_topic_subscription.alarms) == 1 && alltrue([for subscription in aws_sns_topic_subscription.alarms : subscription.topic_arn == aws_sns_topic.alarms.arn])
    error_message = "Somebody listens to the topic."
  }

  assert {
    condition     = contains(flatten([for statement in jsondecode(aws_sns_topic_policy.alarms.policy).Statement : statement.Principal.Service if statement.Effect == "Allow"]), "cloudwatch.amazonaws.com")
    error_message = "CloudWatch may publish."
  }

  assert {
    condition     = contains(flatten([for statement in jsondecode(aws_sns_topic_policy.alarms.policy).Statement : statement.Principal.Service if statement.Effect == "Allow"]), "budgets.amazonaws.com")
    error_message = "The budget may publish."
  }

  assert {
    condition     = toset([for statement in jsondecode(aws_sns_topic_policy.alarms.policy).Statement : try(statement.Condition.Bool["aws:SecureTransport"], null) if statement.Effect == "Deny"]) == toset(["false"])
    error_message = "Nobody publishes without TLS."
  }

  # Missing data.
  assert {
    condition     = alltrue([for name in ["no-task", "sweep-missing"] : aws_cloudwatch_metric_alarm.metric[name].treat_missing_data == "breaching" && aws_cloudwatch_metric_alarm.metric[name].comparison_operator == "LessThanThreshold"])
    error_message = "Silence is what these two are about."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.metric["no-task"].statistic == "SampleCount" && aws_cloudwatch_metric_alarm.metric["no-task"].dimensions["ServiceName"] == aws_ecs_service.server[0].name
    error_message = "No sample means no task."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.metric["sweep-missing"].period * aws_cloudwatch_metric_alarm.metric["sweep-missing"].evaluation_periods == 7200
    error_message = "Two hours without a sweep."
  }

  # Filters.
  assert {
    condition     = aws_cloudwatch_log_metric_filter.event["overdue"].pattern == "{ ($.event = \"deployment.overdue\") }"
    error_message = "The filter looks for the event."
  }

  assert {
    condition     = aws_cloudwatch_log_metric_filter.event["job-silent"].pattern == "{ ($.event = \"cron.catch_up_failed\") || ($.event = \"cron.error\") || ($.event = \"job.silent\") }"
    error_message = "Or for any of several."
  }

  assert {
    condition     = alltrue([for filter in aws_cloudwatch_log_metric_filter.event : filter.log_group_name == aws_cloudwatch_log_group.server.name]) && aws_cloudwatch_log_metric_filter.sweep.log_group_name == aws_cloudwatch_log_group.server.name
    error_message = "The server's log is what is looked at."
  }

  assert {
    condition     = alltrue([for name, alarm in aws_cloudwatch_metric_alarm.event : alarm.metric_name == one(aws_cloudwatch_log_metric_filter.event[name].metric_transformation).name && alarm.namespace == one(aws_cloudwatch_log_metric_filter.event[name].metric_transformation).namespace])
    error_message = "An alarm looks at another metric than its filter writes."
  }

  # Budget.
  assert {
    condition     = length(aws_budgets_budget.account.notification) == 2 && alltrue([for notification in aws_budgets_budget.account.notification : length(notification.subscriber_sns_topic_arns) == 1]) && aws_budgets_budget.account.limit_amount == "40"
    error_message = "The bill is watched, before and when it is too high."
  }
}
