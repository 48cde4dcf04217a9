# HTTP API, VPC link, no load balancer. Routes are listed one by one: there is no $default, so nothing else ever reaches
# the server. A test holds the list against what the server serves.

locals {
  read_paths = [
    "/",
    "/assets/{file}",
    "/badge.svg",
    "/button.js",
    "/d/{id}",
    "/healthz",
    "/livez",
    "/metrics",
    "/openapi.json",
    "/problems/{slug}",
    "/readyz",
    "/robots.txt",
    "/v1/deployments",
    "/v1/deployments/{id}",
    "/v1/deployments/{id}/logs",
    "/v1/deployments/{id}/pipeline",
    "/v1/deployments/{id}/replay",
  ]

  write_routes = [
    "DELETE /v1/deployments/{id}",
    "PATCH /v1/deployments/{id}",
    "POST /v1/deployments",
    "PUT /v1/switch",
  ]

  # What pages of other sites use. The server answers preflights; the gateway knows nothing of CORS.
  preflight_paths = [for path in local.read_paths : path if startswith(path, "/v1/")]

  read_routes      = flatten([for path in local.read_paths : ["GET ${path}", "HEAD ${path}"]])
  preflight_routes = [for path in local.preflight_paths : "OPTIONS ${path}"]

  # 5 requests a second with bursts of 10: the same as the server's own limit, but for all visitors together.
  write_throttle = {
    per_second = 5
    burst      = 10
  }
}

resource "aws_apigatewayv2_api" "this" {
  name                         = var.name
  description                  = "A button that builds a live demo, and takes it down again."
  protocol_type                = "HTTP"
  disable_execute_api_endpoint = var.domain != null
}

resource "aws_apigatewayv2_vpc_link" "this" {
  name               = var.name
  subnet_ids         = aws_subnet.public[*].id
  security_group_ids = [aws_security_group.link.id]
}

resource "aws_apigatewayv2_integration" "server" {
  api_id                 = aws_apigatewayv2_api.this.id
  description            = "The tasks behind the VPC link."
  integration_type       = "HTTP_PROXY"
  integration_method     = "ANY"
  integration_uri        = aws_service_discovery_service.server.arn
  connection_type        = "VPC_LINK"
  connection_id          = aws_apigatewayv2_vpc_link.this.id
  payload_format_version = "1.0"

  # The longest held read takes 25 s; 30 s is the most that a gateway waits.
  timeout_milliseconds = 29000

  request_parameters = {
    "overwrite:header.${local.client_address_header}" = "$context.identity.sourceIp"
  }
}

resource "aws_apigatewayv2_route" "this" {
  for_each = toset(concat(local.read_routes, local.write_routes, local.preflight_routes))

  api_id    = aws_apigatewayv2_api.this.id
  route_key = each.key
  target    = "integrations/${aws_apigatewayv2_integration.server.id}"
}

# Any other name would become a part of the path that the server sees.
resource "aws_apigatewayv2_stage" "this" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    throttling_rate_limit  = var.read_throttle.per_second
    throttling_burst_limit = var.read_throttle.burst
  }

  dynamic "route_settings" {
    for_each = toset(local.write_routes)

    content {
      route_key              = aws_apigatewayv2_route.this[route_settings.key].route_key
      throttling_rate_limit  = local.write_throttle.per_second
      throttling_burst_limit = local.write_throttle.burst
    }
  }

  # The only place where a 5xx of the gateway itself is told. No address of a visitor is written down.
  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.gateway.arn
    format = jsonencode({
      requestId        = "$context.requestId"
      routeKey         = "$context.routeKey"
      status           = "$context.status"
      integration      = "$context.integrationStatus"
      integrationError = "$context.integrationErrorMessage"
      error            = "$context.error.message"
      latencyMs        = "$context.responseLatency"
      bytes            = "$context.responseLength"
    })
  }
}

resource "aws_apigatewayv2_domain_name" "this" {
  count = var.domain == null ? 0 : 1

  domain_name = var.domain.name

  domain_name_configuration {
    certificate_arn = var.domain.certificate_arn
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}

resource "aws_apigatewayv2_api_mapping" "this" {
  count = var.domain == null ? 0 : 1

  api_id      = aws_apigatewayv2_api.this.id
  stage       = aws_apigatewayv2_stage.this.id
  domain_name = aws_apigatewayv2_domain_name.this[0].id
}
