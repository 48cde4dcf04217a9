output "public_url" {
  description = "Where visitors reach the page and the API."
  value       = local.public_url
}

output "button_snippet" {
  description = "What to paste into the page of a résumé. Without JavaScript it is a plain link."
  value       = <<-HTML
    <script type="module" src="${local.public_url}/button.js"></script>
    <live-demo-button><a href="${local.public_url}/">Deploy live demo</a></live-demo-button>
  HTML
}

output "dns_record" {
  description = "The alias or CNAME to make for the domain; null without one."
  value = var.domain == null ? null : {
    name    = var.domain.name
    target  = aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].target_domain_name
    zone_id = aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].hosted_zone_id
  }
}

output "repositories" {
  description = "Where to push the images."
  value       = { for name, repository in aws_ecr_repository.this : name => repository.repository_url }
}

output "secrets" {
  description = "The secrets whose values are put by hand, by the variable of the server that names them."
  value       = { for variable, secret in aws_secretsmanager_secret.this : variable => secret.name }
}

output "gitlab_role_arn" {
  description = "The role that .gitlab-ci.yml assumes; admin_role_arns of terraform/demo/persistent has it."
  value       = aws_iam_role.gitlab.arn
}

output "permissions_boundary_arn" {
  description = "permissions_boundary_arn of terraform/demo/persistent."
  value       = aws_iam_policy.demo_boundary.arn
}

output "gitlab_trust" {
  description = "What a pipeline's token has to say."
  value = {
    audience = var.gitlab_audience
    subject  = local.gitlab_subject
  }
}

output "second_destroyer" {
  description = "Names for looking at the net and for running it by hand: see docs/operations.md."
  value = {
    group   = aws_scheduler_schedule_group.this.name
    project = local.destroyer_project
    queue   = aws_sqs_queue.dead_letters.name
  }
}

output "cluster" {
  description = "Where the task runs."
  value       = aws_ecs_cluster.this.name
}

output "table" {
  description = "The table, whose name is also what demos carry in the tag demo_installation."
  value       = aws_dynamodb_table.this.name
}

output "alarm_topic_arn" {
  description = "Where every alarm goes."
  value       = aws_sns_topic.alarms.arn
}
