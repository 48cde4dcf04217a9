# Asks the public address every ten minutes whether the server can serve. A VPC link that carries nothing for 60 days is
# taken down by AWS, and the requests after that fail; and it is the one look from outside, through gateway, link and task.

resource "aws_cloudwatch_event_rule" "probe" {
  count = local.is_serving ? 1 : 0

  name                = "${var.name}-probe"
  description         = "Keeps the VPC link alive and asks whether the public address answers."
  schedule_expression = "rate(10 minutes)"
}

# A connection cannot be without a header of its own. This one is no secret; the server ignores it.
resource "aws_cloudwatch_event_connection" "probe" {
  count = local.is_serving ? 1 : 0

  name               = "${var.name}-probe"
  authorization_type = "API_KEY"

  auth_parameters {
    api_key {
      key   = "x-demo-probe"
      value = "none"
    }
  }
}

resource "aws_cloudwatch_event_api_destination" "probe" {
  count = local.is_serving ? 1 : 0

  name                             = "${var.name}-probe"
  description                      = "Whether the server can serve."
  connection_arn                   = aws_cloudwatch_event_connection.probe[0].arn
  invocation_endpoint              = "${local.public_url}/readyz"
  http_method                      = "GET"
  invocation_rate_limit_per_second = 1
}

resource "aws_cloudwatch_event_target" "probe" {
  count = local.is_serving ? 1 : 0

  rule     = aws_cloudwatch_event_rule.probe[0].name
  arn      = aws_cloudwatch_event_api_destination.probe[0].arn
  role_arn = aws_iam_role.probe.arn

  # A probe that is tried again until it works would hide what it is there to find.
  retry_policy {
    maximum_event_age_in_seconds = 60
    maximum_retry_attempts       = 0
  }
}
