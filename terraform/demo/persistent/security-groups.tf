# All groups and rules stay between demos. A deployment makes none, so none can be left behind, and the order in which
# groups that name each other have to go never matters. EKS's own group, which it makes with each cluster, is on the
# control plane's interfaces only: nothing of ours can keep it from going with the cluster.

locals {
  node_port = 30080

  groups = {
    control_plane = "The control plane's interfaces in this network"
    node          = "The nodes"
    load_balancer = "The network load balancer"
  }

  # from and to are groups; a null stands for everybody.
  rules = {
    nodes_ask_control_plane     = { from = "node", to = "control_plane", protocol = "tcp", port = 443 }
    control_plane_asks_kubelets = { from = "control_plane", to = "node", protocol = "tcp", port = 10250 }
    load_balancer_asks_nodes    = { from = "load_balancer", to = "node", protocol = "tcp", port = local.node_port }
    nodes_talk                  = { from = "node", to = "node", protocol = "-1", port = null }
  }
}

resource "aws_security_group" "demo" {
  for_each = local.groups

  name        = "${var.name_prefix}-${replace(each.key, "_", "-")}"
  description = each.value
  vpc_id      = aws_vpc.demo.id
  tags        = merge(local.tags, { Name = "${var.name_prefix}-${replace(each.key, "_", "-")}" })
}

resource "aws_vpc_security_group_ingress_rule" "between" {
  for_each = local.rules

  security_group_id            = aws_security_group.demo[each.value.to].id
  referenced_security_group_id = aws_security_group.demo[each.value.from].id
  ip_protocol                  = each.value.protocol
  from_port                    = each.value.port
  to_port                      = each.value.port
  description                  = replace(each.key, "_", " ")
  tags                         = local.tags
}

# Nodes may send anywhere, so theirs is the one rule below.
resource "aws_vpc_security_group_egress_rule" "between" {
  for_each = { for name, rule in local.rules : name => rule if rule.from != "node" }

  security_group_id            = aws_security_group.demo[each.value.from].id
  referenced_security_group_id = aws_security_group.demo[each.value.to].id
  ip_protocol                  = each.value.protocol
  from_port                    = each.value.port
  to_port                      = each.value.port
  description                  = replace(each.key, "_", " ")
  tags                         = local.tags
}

# The one door that is open to everybody.
resource "aws_vpc_security_group_ingress_rule" "visitors" {
  security_group_id = aws_security_group.demo["load_balancer"].id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  description       = "visitors"
  tags              = local.tags
}

# Images, the AWS interfaces and the names of all of these.
resource "aws_vpc_security_group_egress_rule" "nodes" {
  security_group_id = aws_security_group.demo["node"].id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
  description       = "images and AWS"
  tags              = local.tags
}
