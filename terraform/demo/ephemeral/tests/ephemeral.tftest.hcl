# No account and no credentials are needed: terraform test plays AWS. What only AWS can say, whether a word it is given
# exists, is not tested here.

mock_provider "aws" {
  mock_data "aws_ssm_parameter" {
    defaults = {
      insecure_value = "ami-0123456789abcdef0"
    }
  }

  mock_resource "aws_lb" {
    defaults = {
      arn      = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/demo-3d9e0c1f5a7b/0123456789abcdef"
      dns_name = "demo-3d9e0c1f5a7b-0123456789abcdef.elb.us-east-1.amazonaws.com"
      zone_id  = "Z26RNL4JYFTOTI"
    }
  }

  mock_resource "aws_lb_target_group" {
    defaults = {
      arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/demo-3d9e0c1f5a7b/0123456789abcdef"
    }
  }
}

variables {
  deployment_id = "0198c2d4-7b1e-7c3a-9f20-3d9e0c1f5a7b"
  installation  = "demo-on-demand"
  region        = "us-east-1"
  commit        = "9f8e7d6c5b4a39281706f5e4d3c2b1a098765432"

  admin_role_arns                 = ["arn:aws:iam::123456789012:role/demo-on-demand-pipeline"]
  certificate_arn                 = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000"
  cluster_role_arn                = "arn:aws:iam::123456789012:role/demo-on-demand-eks-cluster"
  control_plane_security_group_id = "sg-0123456789abcdef0"
  domain                          = "demo.example.com"
  load_balancer_security_group_id = "sg-0123456789abcdef1"
  node_instance_profile           = "demo-on-demand-eks-node"
  node_role_arn                   = "arn:aws:iam::123456789012:role/demo-on-demand-eks-node"
  node_security_group_id          = "sg-0123456789abcdef2"
  subnet_ids                      = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  vpc_id                          = "vpc-0123456789abcdef0"
  zone_id                         = "Z0123456789ABCDEFGHIJ"
}

run "everything_carries_the_tags" {
  assert {
    condition = alltrue([for tags in concat(
      [
        aws_eks_cluster.demo.tags,
        aws_eks_access_entry.nodes.tags,
        aws_launch_template.node.tags,
        aws_lb.demo.tags,
        aws_lb_listener.https.tags,
        aws_lb_target_group.demo.tags,
        { for tag in aws_autoscaling_group.nodes.tag : tag.key => tag.value },
      ],
      [for entry in values(aws_eks_access_entry.admin) : entry.tags],
      [for made in aws_launch_template.node.tag_specifications : made.tags],
      ) : alltrue([
        try(tags["deployment_id"], "") == "0198c2d4-7b1e-7c3a-9f20-3d9e0c1f5a7b",
        try(tags["demo_installation"], "") == "demo-on-demand",
        try(tags["Name"], "") == "demo-3d9e0c1f5a7b",
    ])])
    error_message = "The inventory finds and destroy.sh deletes by these tags."
  }

  assert {
    condition     = toset(aws_launch_template.node.tag_specifications[*].resource_type) == toset(["instance", "volume", "network-interface"])
    error_message = "Instances, their disks and their interfaces get their tags from the launch template."
  }

  assert {
    condition     = alltrue([for tag in aws_autoscaling_group.nodes.tag : tag.propagate_at_launch])
    error_message = "The group's tags have to reach its instances."
  }

  assert {
    condition     = contains([for tag in aws_autoscaling_group.nodes.tag : "${tag.key}=${tag.value}"], "kubernetes.io/cluster/demo-3d9e0c1f5a7b=owned")
    error_message = "By this tag the cluster knows its nodes."
  }
}

run "everything_has_the_derived_name" {
  assert {
    condition = alltrue([for name in [
      aws_eks_cluster.demo.name,
      aws_launch_template.node.name,
      aws_autoscaling_group.nodes.name,
      aws_lb.demo.name,
      aws_lb_target_group.demo.name,
    ] : name == "demo-3d9e0c1f5a7b"])
    error_message = "demo- and the last 12 hex digits of the id, as the inventory and destroy.sh derive it."
  }

  assert {
    condition     = aws_route53_record.demo.name == "demo-3d9e0c1f5a7b.demo.example.com"
    error_message = "The name under which it answers."
  }

  assert {
    condition     = output.url == "https://demo-3d9e0c1f5a7b.demo.example.com/" && output.cluster_name == "demo-3d9e0c1f5a7b"
    error_message = "What the pipeline reads."
  }

  assert {
    condition     = output.outputs == { url = "https://demo-3d9e0c1f5a7b.demo.example.com/", deployment_id = "0198c2d4-7b1e-7c3a-9f20-3d9e0c1f5a7b" }
    error_message = "outputs.json as the server reads it."
  }
}

# Load balancers and target groups allow 32 characters: letters, digits and dashes, none at either end.
run "a_name_fits_whatever_the_id" {
  command = plan

  variables {
    deployment_id = "ffffffff-ffff-ffff-ffff-ffffffffffff"
  }

  assert {
    condition     = aws_lb.demo.name == "demo-ffffffffffff" && can(regex("^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$", aws_lb.demo.name))
    error_message = "Too long, or not a name."
  }
}

run "a_name_fits_the_least_id" {
  command = plan

  variables {
    deployment_id = "00000000-0000-0000-0000-000000000000"
  }

  assert {
    condition     = aws_lb_target_group.demo.name == "demo-000000000000" && can(regex("^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$", aws_lb_target_group.demo.name))
    error_message = "Too long, or not a name."
  }
}

run "nodes_are_closed" {
  assert {
    condition     = aws_launch_template.node.metadata_options[0].http_tokens == "required" && aws_launch_template.node.metadata_options[0].http_put_response_hop_limit == 1
    error_message = "Pods must not get the node's credentials."
  }

  assert {
    condition     = aws_launch_template.node.block_device_mappings[0].ebs[0].encrypted == "true" && aws_launch_template.node.block_device_mappings[0].ebs[0].delete_on_termination == "true"
    error_message = "Disks are encrypted and go with their instance."
  }

  assert {
    condition     = aws_launch_template.node.network_interfaces[0].delete_on_termination == "true" && toset(aws_launch_template.node.network_interfaces[0].security_groups) == toset(["sg-0123456789abcdef2"])
    error_message = "Interfaces go with their instance and are in the nodes' group, never in the one that EKS makes."
  }

  assert {
    condition     = try(length(aws_launch_template.node.key_name), 0) == 0 && aws_launch_template.node.instance_initiated_shutdown_behavior == "terminate"
    error_message = "Nobody logs in to a node, and one that stops is gone."
  }

  assert {
    condition     = alltrue([for kind in var.instance_types : can(regex("g[a-z]*\\.", kind))]) && aws_autoscaling_group.nodes.mixed_instances_policy[0].instances_distribution[0].on_demand_percentage_above_base_capacity == 100
    error_message = "ARM, and on demand."
  }
}

run "nodes_know_all_they_need_before_there_is_a_cluster" {
  assert {
    condition = alltrue([for text in [
      "cluster_name='demo-3d9e0c1f5a7b'",
      "region='us-east-1'",
      "service_cidr='172.20.0.0/16'",
      "max_pods=5",
      "nodeadm init --config-source",
    ] : strcontains(base64decode(aws_launch_template.node.user_data), text)])
    error_message = "They boot beside the control plane."
  }

  assert {
    condition     = length(aws_launch_template.node.user_data) < 16384 * 4 / 3
    error_message = "EC2 takes 16 KB of user data."
  }

  assert {
    condition     = aws_eks_cluster.demo.kubernetes_network_config[0].service_ipv4_cidr == "172.20.0.0/16"
    error_message = "The cluster has to have the addresses that the nodes were told."
  }
}

run "nothing_is_left_behind" {
  assert {
    condition     = length(coalesce(aws_eks_cluster.demo.enabled_cluster_log_types, [])) == 0
    error_message = "EKS makes the log group again after it was deleted."
  }

  assert {
    condition     = aws_eks_cluster.demo.deletion_protection == false && aws_lb.demo.enable_deletion_protection == false && aws_autoscaling_group.nodes.force_delete == true && coalesce(aws_autoscaling_group.nodes.protect_from_scale_in, false) == false
    error_message = "Nothing may refuse to be deleted."
  }

  assert {
    condition     = aws_eks_cluster.demo.vpc_config[0].security_group_ids == toset(["sg-0123456789abcdef0"])
    error_message = "A group that stays, so that no rule has to be made and taken away."
  }

  assert {
    condition     = tonumber(aws_lb_target_group.demo.deregistration_delay) == 0
    error_message = "Nobody is waited for when it is over."
  }

  assert {
    condition     = aws_eks_cluster.demo.timeouts.create == "25m" && aws_eks_cluster.demo.timeouts.delete == "20m" && aws_autoscaling_group.nodes.timeouts.delete == "15m" && aws_autoscaling_group.nodes.wait_for_capacity_timeout == "5m" && aws_lb.demo.timeouts.delete == "10m"
    error_message = "Every wait ends inside the job's 50 minutes."
  }
}

run "it_never_costs_extended_support" {
  assert {
    condition     = aws_eks_cluster.demo.upgrade_policy[0].support_type == "STANDARD" && aws_eks_cluster.demo.version == "1.35"
    error_message = "Extended support costs six times as much."
  }

  assert {
    condition     = strcontains(data.aws_ssm_parameter.node_image.name, "/1.35/amazon-linux-2023/arm64/standard/")
    error_message = "The nodes' version is the control plane's."
  }
}

run "access_is_by_entry_alone" {
  assert {
    condition     = aws_eks_cluster.demo.access_config[0].authentication_mode == "API" && aws_eks_cluster.demo.access_config[0].bootstrap_cluster_creator_admin_permissions == false
    error_message = "Nobody is an administrator for having made the cluster."
  }

  assert {
    condition     = keys(aws_eks_access_entry.admin) == ["arn:aws:iam::123456789012:role/demo-on-demand-pipeline"] && aws_eks_access_entry.nodes.type == "EC2_LINUX"
    error_message = "The pipeline's role, and the nodes."
  }
}

run "visitors_come_by_tls" {
  assert {
    condition     = aws_lb_listener.https.protocol == "TLS" && aws_lb_listener.https.port == 443 && startswith(aws_lb_listener.https.ssl_policy, "ELBSecurityPolicy-TLS13-") && aws_lb_listener.https.alpn_policy == "None"
    error_message = "TLS 1.2 or newer, and HTTP/1.1 behind it."
  }

  assert {
    condition     = aws_lb.demo.load_balancer_type == "network" && aws_lb.demo.security_groups == toset(["sg-0123456789abcdef1"]) && aws_lb.demo.enable_cross_zone_load_balancing == true
    error_message = "One load balancer, in the group that lets visitors in, leading to either node from either address."
  }

  assert {
    condition     = aws_lb_target_group.demo.port == 30080 && aws_lb_target_group.demo.health_check[0].path == "/livez" && aws_lb_target_group.demo.target_type == "instance"
    error_message = "The port of the service in the cluster."
  }

  assert {
    condition     = aws_autoscaling_group.nodes.target_group_arns == toset([aws_lb_target_group.demo.arn]) && aws_autoscaling_group.nodes.health_check_type == "EC2"
    error_message = "Nodes become targets by themselves, and are not replaced for want of an application."
  }
}

run "an_id_in_capitals_is_refused" {
  command = plan
  variables {
    deployment_id = "0198C2D4-7B1E-7C3A-9F20-3D9E0C1F5A7B"
  }
  expect_failures = [var.deployment_id]
}

run "an_id_that_is_too_short_is_refused" {
  command = plan
  variables {
    deployment_id = "0198c2d4-7b1e-7c3a-9f20-3d9e0c1f5a7"
  }
  expect_failures = [var.deployment_id]
}

run "an_id_with_more_behind_it_is_refused" {
  command = plan
  variables {
    deployment_id = "0198c2d4-7b1e-7c3a-9f20-3d9e0c1f5a7b\n"
  }
  expect_failures = [var.deployment_id]
}

run "a_version_out_of_standard_support_is_refused" {
  command = plan
  variables {
    kubernetes_version = "1.34"
  }
  expect_failures = [var.kubernetes_version]
}

run "an_instance_that_is_not_arm_is_refused" {
  command = plan
  variables {
    instance_types = ["t3.small"]
  }
  expect_failures = [var.instance_types]
}

run "a_large_instance_is_refused" {
  command = plan
  variables {
    instance_types = ["m7g.16xlarge"]
  }
  expect_failures = [var.instance_types]
}

run "many_nodes_are_refused" {
  command = plan
  variables {
    node_count = 4
  }
  expect_failures = [var.node_count]
}

run "a_commit_is_a_commit" {
  command = plan
  variables {
    commit = "main; echo"
  }
  expect_failures = [var.commit]
}

# Nothing is built without the values of the layer that stays, not even a part of it: this is known before anything is made.
run "without_the_layer_that_stays_nothing_is_built" {
  command = plan
  variables {
    admin_role_arns                 = []
    certificate_arn                 = ""
    cluster_role_arn                = ""
    control_plane_security_group_id = ""
    domain                          = ""
    load_balancer_security_group_id = ""
    node_instance_profile           = ""
    node_role_arn                   = ""
    node_security_group_id          = ""
    subnet_ids                      = []
    vpc_id                          = ""
    zone_id                         = ""
  }
  expect_failures = [aws_eks_cluster.demo]
}

run "one_subnet_is_not_enough" {
  command = plan
  variables {
    subnet_ids = ["subnet-0123456789abcdef0"]
  }
  expect_failures = [aws_eks_cluster.demo]
}
