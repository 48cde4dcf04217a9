# EKS makes no control plane in these zones:
# https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
data "aws_availability_zones" "usable" {
  state            = "available"
  exclude_zone_ids = ["use1-az3", "usw1-az2", "cac1-az3"]

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

locals {
  # EKS wants two zones. A third would cost one more public address of the load balancer and help nobody for an hour.
  subnets = { a = 0, b = 1 }
}

resource "aws_vpc" "demo" {
  cidr_block           = var.network_cidr
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = local.tags
}

resource "aws_internet_gateway" "demo" {
  vpc_id = aws_vpc.demo.id
  tags   = local.tags
}

# Nodes have public addresses and nothing may reach them from outside but the load balancer. So there is no NAT gateway,
# which would cost $33 a month whether or not a demo runs.
resource "aws_subnet" "public" {
  for_each = local.subnets

  vpc_id                  = aws_vpc.demo.id
  availability_zone       = data.aws_availability_zones.usable.names[each.value]
  cidr_block              = cidrsubnet(var.network_cidr, 4, each.value)
  map_public_ip_on_launch = true
  tags                    = merge(local.tags, { Name = "${var.name_prefix}-${each.key}" })
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.demo.id
  tags   = local.tags
}

resource "aws_route" "internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.demo.id
}

resource "aws_route_table_association" "public" {
  for_each = local.subnets

  route_table_id = aws_route_table.public.id
  subnet_id      = aws_subnet.public[each.key].id
}

# Without rules: whatever ends up in it by mistake reaches nothing and is reached by nothing.
resource "aws_default_security_group" "closed" {
  vpc_id = aws_vpc.demo.id
  tags   = local.tags
}
