locals {
  log_groups = {
    server    = "/${var.name}/server"
    gateway   = "/${var.name}/gateway"
    destroyer = "/${var.name}/destroyer"
  }
}

resource "aws_cloudwatch_log_group" "server" {
  name              = local.log_groups.server
  retention_in_days = var.log_retention_days
}

resource "aws_cloudwatch_log_group" "gateway" {
  name              = local.log_groups.gateway
  retention_in_days = var.log_retention_days
}

resource "aws_cloudwatch_log_group" "destroyer" {
  name              = local.log_groups.destroyer
  retention_in_days = var.log_retention_days
}
