# The gateway: what it lets through, how much of it, and what it says of the visitor.
mock_provider "aws" {
  source = "./tests/mocks"
}

run "as_it_is" {
  command = apply

  # Routes.
  assert {
    condition     = !contains(keys(aws_apigatewayv2_route.this), "$default") && alltrue([for key in keys(aws_apigatewayv2_route.this) : can(regex("^(GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE) /", key))])
    error_message = "Every route is listed by its method and its path."
  }

  assert {
    condition     = alltrue([for key in keys(aws_apigatewayv2_route.this) : !strcontains(key, "+}")])
    error_message = "No route takes whatever follows."
  }

  assert {
    condition     = toset([for key in keys(aws_apigatewayv2_route.this) : key if can(regex("^(POST|PUT|PATCH|DELETE) ", key))]) == toset(["DELETE /v1/deployments/{id}", "PATCH /v1/deployments/{id}", "POST /v1/deployments", "PUT /v1/switch"])
    error_message = "Four routes write, and no other."
  }

  assert {
    condition     = contains(keys(aws_apigatewayv2_route.this), "OPTIONS /v1/deployments") && contains(keys(aws_apigatewayv2_route.this), "OPTIONS /v1/deployments/{id}")
    error_message = "Without its preflight no other site can use the button."
  }

  # Throttle.
  assert {
    condition     = toset([for setting in aws_apigatewayv2_stage.this.route_settings : setting.route_key]) == toset(["DELETE /v1/deployments/{id}", "PATCH /v1/deployments/{id}", "POST /v1/deployments", "PUT /v1/switch"])
    error_message = "Every route that writes has the throttle of writes."
  }

  assert {
    condition     = alltrue([for setting in aws_apigatewayv2_stage.this.route_settings : setting.throttling_rate_limit == 5 && setting.throttling_burst_limit == 10])
    error_message = "5 requests a second with bursts of 10."
  }

  assert {
    condition     = aws_apigatewayv2_stage.this.default_route_settings[0].throttling_rate_limit == 50 && aws_apigatewayv2_stage.this.default_route_settings[0].throttling_burst_limit == 100
    error_message = "Reads have ten times that."
  }

  assert {
    condition     = aws_apigatewayv2_stage.this.name == "$default" && aws_apigatewayv2_stage.this.auto_deploy
    error_message = "Another stage would put its name into the path."
  }

  # Integration.
  assert {
    condition     = aws_apigatewayv2_integration.server.request_parameters == tomap({ "overwrite:header.x-demo-client-address" = "$context.identity.sourceIp" })
    error_message = "The visitor's address is written by the gateway, over whatever he sent."
  }

  assert {
    condition     = one([for variable in jsondecode(aws_ecs_task_definition.server[0].container_definitions)[0].environment : variable.value if variable.name == "CLIENT_IP_SOURCE"]) == "header:x-demo-client-address"
    error_message = "The server reads another header than the gateway writes."
  }

  assert {
    condition     = aws_apigatewayv2_integration.server.integration_uri == aws_service_discovery_service.server.arn && aws_apigatewayv2_integration.server.connection_type == "VPC_LINK"
    error_message = "The gateway finds the tasks through the link and Cloud Map."
  }

  assert {
    condition     = aws_apigatewayv2_integration.server.timeout_milliseconds > 25000 && aws_apigatewayv2_integration.server.timeout_milliseconds < 30000
    error_message = "Longer than the longest held read, shorter than the gateway's own limit."
  }

  # Access log.
  assert {
    condition     = aws_apigatewayv2_stage.this.access_log_settings[0].destination_arn == aws_cloudwatch_log_group.gateway.arn && strcontains(aws_apigatewayv2_stage.this.access_log_settings[0].format, "integrationErrorMessage")
    error_message = "The gateway's own errors are told nowhere else."
  }

  assert {
    condition     = !can(regex("sourceIp|userAgent|identity|authorizer|\\$context\\.path|domainName", aws_apigatewayv2_stage.this.access_log_settings[0].format))
    error_message = "Nothing of the visitor is written down."
  }

  # Probe.
  assert {
    condition     = aws_cloudwatch_event_api_destination.probe[0].invocation_endpoint == "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/readyz" && aws_cloudwatch_event_api_destination.probe[0].http_method == "GET"
    error_message = "The probe goes the visitors' way and starts nothing."
  }

  assert {
    condition     = aws_cloudwatch_event_rule.probe[0].schedule_expression == "rate(10 minutes)" && aws_cloudwatch_event_target.probe[0].retry_policy[0].maximum_retry_attempts == 0
    error_message = "A probe that is tried again until it works hides what it is to find."
  }
}

run "own_domain" {
  command = apply

  variables {
    domain = { name = "demo.example.com", certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/made-up" }
  }

  assert {
    condition     = output.public_url == "https://demo.example.com" && aws_apigatewayv2_api.this.disable_execute_api_endpoint
    error_message = "With a domain there is one address only."
  }

  assert {
    condition     = aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].security_policy == "TLS_1_2"
    error_message = "No older TLS."
  }
}
