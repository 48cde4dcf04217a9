# No way in but through the VPC link.
mock_provider "aws" {
  source = "./tests/mocks"
}

run "as_it_is" {
  command = apply

  # Network.
  assert {
    condition     = aws_vpc_security_group_ingress_rule.server_from_link.cidr_ipv4 == null && aws_vpc_security_group_ingress_rule.server_from_link.cidr_ipv6 == null && aws_vpc_security_group_ingress_rule.server_from_link.prefix_list_id == null
    error_message = "The server lets in an address block: then anybody could write the header with the visitor's address."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.server_from_link.referenced_security_group_id == aws_security_group.link.id
    error_message = "Only the group of the VPC link may reach the server."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.server_from_link.from_port == 3000 && aws_vpc_security_group_ingress_rule.server_from_link.to_port == 3000
    error_message = "One port is enough."
  }

  assert {
    condition     = toset(aws_ecs_service.server[0].network_configuration[0].security_groups) == toset([aws_security_group.server.id])
    error_message = "The task has another security group than the one whose rules are looked at here."
  }

  assert {
    condition     = aws_security_group.server.ingress == null || length(aws_security_group.server.ingress) == 0
    error_message = "Rules stand in resources of their own, where they are counted."
  }

  assert {
    condition     = toset(aws_apigatewayv2_vpc_link.this.security_group_ids) == toset([aws_security_group.link.id])
    error_message = "The VPC link has another group than the one that the server lets in."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.link_to_server.referenced_security_group_id == aws_security_group.server.id
    error_message = "The link goes elsewhere."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.server_https.from_port == 443 && aws_vpc_security_group_egress_rule.server_https.to_port == 443
    error_message = "The server's way out is https."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.public : !subnet.map_public_ip_on_launch])
    error_message = "Only the task gets a public address, because it asks for one."
  }

  assert {
    condition     = data.aws_availability_zones.usable.exclude_zone_ids == toset(["use1-az3"])
    error_message = "A VPC link cannot be in use1-az3."
  }

  assert {
    condition     = aws_service_discovery_service.server.dns_config[0].dns_records[0].type == "SRV"
    error_message = "The gateway takes SRV records only."
  }

  # Tags.
  assert {
    condition     = local.tags == { project = "demo-on-demand", demo_part = "platform" }
    error_message = "What stays must not look like a part of a demo: neither demo_installation nor deployment_id."
  }

  assert {
    condition     = aws_dynamodb_table.this.name == var.name
    error_message = "What a demo carries in demo_installation is the name of the table."
  }
}
