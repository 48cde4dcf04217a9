# Two public subnets without a NAT gateway ($33 a month): the task has a public address for its way out, and nothing may
# come in but from the VPC link.

data "aws_availability_zones" "usable" {
  state            = "available"
  exclude_zone_ids = var.excluded_zone_ids

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

resource "aws_vpc" "this" {
  cidr_block           = var.vpc_cidr
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = { Name = var.name }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = var.name }
}

resource "aws_subnet" "public" {
  count = 2

  vpc_id                  = aws_vpc.this.id
  availability_zone       = data.aws_availability_zones.usable.names[count.index]
  cidr_block              = cidrsubnet(var.vpc_cidr, 2, count.index)
  map_public_ip_on_launch = false
  tags                    = { Name = "${var.name}-public-${count.index}" }
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.name}-public" }
}

resource "aws_route" "out" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id
}

resource "aws_route_table_association" "public" {
  count = 2

  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public.id
}

# The network's default group is emptied, so that nothing is reachable by having been given no group.
resource "aws_default_security_group" "closed" {
  vpc_id = aws_vpc.this.id
}

resource "aws_security_group" "link" {
  name        = "${var.name}-link"
  description = "The gateway's VPC link: to the server and nowhere else."
  vpc_id      = aws_vpc.this.id
}

resource "aws_vpc_security_group_egress_rule" "link_to_server" {
  security_group_id            = aws_security_group.link.id
  description                  = "To the server"
  referenced_security_group_id = aws_security_group.server.id
  ip_protocol                  = "tcp"
  from_port                    = local.container_port
  to_port                      = local.container_port
}

resource "aws_security_group" "server" {
  name        = "${var.name}-server"
  description = "The server: reached through the VPC link alone."
  vpc_id      = aws_vpc.this.id
}

# The one way in. The header with the visitor's address can be believed because of this rule.
resource "aws_vpc_security_group_ingress_rule" "server_from_link" {
  security_group_id            = aws_security_group.server.id
  description                  = "From the VPC link"
  referenced_security_group_id = aws_security_group.link.id
  ip_protocol                  = "tcp"
  from_port                    = local.container_port
  to_port                      = local.container_port
}

# AWS, GitLab, the live demo and the owner's webhook: all of it is https.
resource "aws_vpc_security_group_egress_rule" "server_https" {
  security_group_id = aws_security_group.server.id
  description       = "https to anywhere"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

# The gateway finds the tasks by SRV records; others it does not take.
resource "aws_service_discovery_private_dns_namespace" "this" {
  name        = "${var.name}.internal"
  description = "Where the gateway finds the tasks of ${var.name}."
  vpc         = aws_vpc.this.id
}

resource "aws_service_discovery_service" "server" {
  name          = "server"
  description   = "The running tasks of the server."
  force_destroy = true

  dns_config {
    namespace_id   = aws_service_discovery_private_dns_namespace.this.id
    routing_policy = "MULTIVALUE"

    dns_records {
      type = "SRV"
      ttl  = 10
    }
  }

  # ECS reports the health of a task itself.
  health_check_custom_config {}
}
