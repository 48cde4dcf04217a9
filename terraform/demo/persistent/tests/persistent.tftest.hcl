# No account and no credentials are needed: terraform test plays AWS. Only plans are made, as the bucket refuses to be
# destroyed, which every applied test ends with.

mock_provider "aws" {
  override_during = plan

  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_availability_zones" {
    defaults = { names = ["us-east-1a", "us-east-1b", "us-east-1c"] }
  }

  mock_resource "aws_acm_certificate" {
    defaults = {
      arn = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000"
      domain_validation_options = [{
        domain_name           = "*.demo.example.com"
        resource_record_name  = "_0123.demo.example.com."
        resource_record_type  = "CNAME"
        resource_record_value = "_4567.acm-validations.aws."
      }]
    }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mocked" }
  }
}

variables {
  installation             = "demo-on-demand"
  domain                   = "demo.example.com"
  zone_id                  = "Z0123456789ABCDEFGHIJ"
  admin_role_arns          = ["arn:aws:iam::123456789012:role/demo-on-demand-pipeline"]
  permissions_boundary_arn = "arn:aws:iam::123456789012:policy/boundary"
}

run "everything_carries_the_mark_and_no_deployment" {
  command = plan

  assert {
    condition = alltrue([for tags in concat(
      [
        aws_vpc.demo.tags,
        aws_internet_gateway.demo.tags,
        aws_route_table.public.tags,
        aws_default_security_group.closed.tags,
        aws_iam_role.cluster.tags,
        aws_iam_role.node.tags,
        aws_iam_instance_profile.node.tags,
        aws_s3_bucket.state.tags,
        aws_acm_certificate.demos.tags,
        aws_vpc_security_group_ingress_rule.visitors.tags,
        aws_vpc_security_group_egress_rule.nodes.tags,
      ],
      [for subnet in values(aws_subnet.public) : subnet.tags],
      [for group in values(aws_security_group.demo) : group.tags],
      [for rule in values(aws_vpc_security_group_ingress_rule.between) : rule.tags],
      [for rule in values(aws_vpc_security_group_egress_rule.between) : rule.tags],
    ) : try(tags["demo_installation"], "") == "demo-on-demand" && !contains(keys(tags), "deployment_id")])
    error_message = "Its groups are the landmark by which the inventory knows that it looks at the right place."
  }

  assert {
    condition = alltrue([for name in concat(
      [aws_iam_role.cluster.name, aws_iam_role.node.name, aws_s3_bucket.state.bucket],
      [for group in values(aws_security_group.demo) : group.name],
    ) : !can(regex("(^|[^0-9a-z])demo-[0-9a-f]{12}($|[^0-9a-z])", name))])
    error_message = "Nothing that stays may look like a demo."
  }
}

run "only_visitors_come_in_and_only_by_https" {
  command = plan

  assert {
    condition     = aws_vpc_security_group_ingress_rule.visitors.from_port == 443 && aws_vpc_security_group_ingress_rule.visitors.to_port == 443 && aws_vpc_security_group_ingress_rule.visitors.ip_protocol == "tcp"
    error_message = "443 is the one door."
  }

  assert {
    condition     = alltrue([for rule in values(aws_vpc_security_group_ingress_rule.between) : rule.cidr_ipv4 == null && rule.cidr_ipv6 == null])
    error_message = "Everything else is between our own groups: no SSH, no node port and no kubelet for the public."
  }

  assert {
    condition     = toset([for name, rule in local.rules : "${rule.from} ${rule.to} ${coalesce(rule.port, 0)}"]) == toset(["node control_plane 443", "control_plane node 10250", "load_balancer node 30080", "node node 0"])
    error_message = "Another rule needs another look."
  }

  assert {
    condition     = length(coalesce(aws_default_security_group.closed.ingress, [])) == 0 && length(coalesce(aws_default_security_group.closed.egress, [])) == 0
    error_message = "The default group has no rules."
  }
}

run "nodes_make_no_interfaces" {
  command = plan

  assert {
    condition = length(setintersection(
      toset(flatten([for statement in jsondecode(aws_iam_role_policy.node.policy).Statement : statement.Action if statement.Effect == "Allow"])),
      ["ec2:CreateNetworkInterface", "ec2:AttachNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:*", "*"],
    )) == 0
    error_message = "The network plug-in leaves behind what it makes."
  }

  assert {
    condition = alltrue([for statement in jsondecode(aws_iam_role_policy.node.policy).Statement :
      alltrue([for action in flatten([statement.Action]) : can(regex("^[a-z0-9]+:Describe|^ecr:GetAuthorizationToken$", action))])
      if statement.Effect == "Allow" && statement.Resource == "*" && !can(statement.Condition)
    ])
    error_message = "Without a limit a node may only look."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.node.policy).Statement : statement.Resource if statement.Sid == "FindsItsCluster"]) == "arn:aws:eks:us-east-1:123456789012:cluster/demo-*"
    error_message = "Clusters of demos, and no others."
  }
}

run "clusters_make_nothing" {
  command = plan

  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_role_policy.cluster_makes_nothing.policy).Statement : statement.Effect == "Deny" && statement.Resource == "*" && contains(statement.Action, "elasticloadbalancing:CreateLoadBalancer") && contains(statement.Action, "ec2:CreateVolume")])
    error_message = "A service of type LoadBalancer or a claim for a volume must come to nothing."
  }

  assert {
    condition     = aws_iam_role.cluster.permissions_boundary == "arn:aws:iam::123456789012:policy/boundary" && aws_iam_role.node.permissions_boundary == "arn:aws:iam::123456789012:policy/boundary"
    error_message = "Both roles are within the platform's boundary."
  }
}

run "the_state_is_safe" {
  command = plan

  assert {
    condition     = aws_s3_bucket.state.bucket == "demo-on-demand-state-123456789012-us-east-1" && aws_s3_bucket_versioning.state.versioning_configuration[0].status == "Enabled"
    error_message = "A state that was overwritten can be had again."
  }

  assert {
    condition     = aws_s3_bucket_public_access_block.state.block_public_acls && aws_s3_bucket_public_access_block.state.block_public_policy && aws_s3_bucket_public_access_block.state.ignore_public_acls && aws_s3_bucket_public_access_block.state.restrict_public_buckets
    error_message = "Nothing of it is public."
  }

  assert {
    condition     = one([for rule in aws_s3_bucket_server_side_encryption_configuration.state.rule : rule.apply_server_side_encryption_by_default[0].sse_algorithm]) == "AES256"
    error_message = "It is encrypted."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_s3_bucket_policy.state.policy).Statement : statement.Effect if statement.Condition == { Bool = { "aws:SecureTransport" = "false" } } && length(statement.Resource) == 2]) == "Deny"
    error_message = "It is read and written by TLS alone."
  }

  assert {
    condition     = alltrue([for rule in aws_s3_bucket_lifecycle_configuration.state.rule : rule.filter[0].prefix == "demo/"]) && aws_s3_bucket_lifecycle_configuration.state.rule[0].expiration[0].days == 90
    error_message = "Only the states of demos expire, and not while one may be in quarantine."
  }
}

run "what_the_ephemeral_layer_needs" {
  command = plan

  assert {
    condition     = aws_acm_certificate.demos.domain_name == "*.demo.example.com" && output.live_origin == "https://*.demo.example.com"
    error_message = "One certificate for all demos."
  }

  assert {
    condition     = toset(keys(output.ephemeral_variables)) == toset(["admin_role_arns", "certificate_arn", "cluster_role_arn", "control_plane_security_group_id", "domain", "load_balancer_security_group_id", "node_instance_profile", "node_role_arn", "node_security_group_id", "subnet_ids", "vpc_id", "zone_id"])
    error_message = "Every value that the ephemeral layer has no other source for."
  }

  assert {
    condition     = length(output.ephemeral_variables.subnet_ids) == 2 && aws_subnet.public["a"].availability_zone != aws_subnet.public["b"].availability_zone
    error_message = "EKS wants two zones."
  }
}

run "a_prefix_that_looks_like_a_demo_is_refused" {
  command = plan
  variables {
    name_prefix = "demo-0123456789ab"
  }
  expect_failures = [var.name_prefix]
}

run "the_addresses_of_services_are_refused" {
  command = plan
  variables {
    network_cidr = "172.20.0.0/16"
  }
  expect_failures = [var.network_cidr]
}

run "a_network_that_is_too_small_is_refused" {
  command = plan
  variables {
    network_cidr = "10.0.0.0/24"
  }
  expect_failures = [var.network_cidr]
}

run "somebody_has_to_be_able_to_deploy" {
  command = plan
  variables {
    admin_role_arns = []
  }
  expect_failures = [var.admin_role_arns]
}
