# https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id.html
data "aws_ssm_parameter" "node_image" {
  name = "/aws/service/eks/optimized-ami/${var.kubernetes_version}/amazon-linux-2023/arm64/standard/recommended/image_id"
}

locals {
  # On the interface of the smallest kind there are four addresses: the node's own and three for pods. The network plug-in
  # and kube-proxy use the node's own.
  max_pods = 5
}

resource "aws_launch_template" "node" {
  name          = local.name
  description   = "Nodes of ${var.deployment_id}"
  image_id      = data.aws_ssm_parameter.node_image.insecure_value
  instance_type = var.instance_types[0]
  tags          = local.tags

  update_default_version               = true
  instance_initiated_shutdown_behavior = "terminate"

  # The name of the cluster is all that a node has to know. So it does not wait for the cluster to be there: it boots
  # beside it, and joins in the moment it can.
  user_data = base64encode(templatefile("${path.module}/join-cluster.sh.tftpl", {
    cluster_name = local.name
    max_pods     = local.max_pods
    region       = var.region
    service_cidr = local.service_cidr
  }))

  iam_instance_profile {
    name = var.node_instance_profile
  }

  # One hop: pods that do not share the node's network get no credentials of the node.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
    instance_metadata_tags      = "disabled"
  }

  network_interfaces {
    device_index                = 0
    associate_public_ip_address = true
    delete_on_termination       = true
    security_groups             = [var.node_security_group_id]
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = 20
      encrypted             = true
      delete_on_termination = true
    }
  }

  # The provider's default tags reach the template itself and nothing that is made from it.
  dynamic "tag_specifications" {
    for_each = ["instance", "volume", "network-interface"]

    content {
      resource_type = tag_specifications.value
      tags          = local.tags
    }
  }
}

# Not one of EKS's node groups: those wait for the control plane, take two minutes more, and make groups and templates with
# names and tags of their own. On demand, since a spot node taken away would cost a visitor more than the two cents an hour it saves.
resource "aws_autoscaling_group" "nodes" {
  name                = local.name
  min_size            = var.node_count
  max_size            = var.node_count
  desired_capacity    = var.node_count
  vpc_zone_identifier = var.subnet_ids

  # They are targets of the load balancer long before anything answers on them, which hides the minutes it takes to take
  # up a new target. For the same reason the load balancer must not have them replaced.
  target_group_arns = [aws_lb_target_group.demo.arn]
  health_check_type = "EC2"

  # Instances run within a minute. When a zone has none, it is better to hear of it before the control plane is paid for.
  wait_for_capacity_timeout = "5m"

  # Deleting it ends the instances at once.
  force_delete = true

  # Moving nodes between zones helps nobody within an hour.
  suspended_processes = ["AZRebalance"]

  mixed_instances_policy {
    instances_distribution {
      on_demand_allocation_strategy            = "prioritized"
      on_demand_percentage_above_base_capacity = 100
    }

    launch_template {
      launch_template_specification {
        launch_template_id = aws_launch_template.node.id
        version            = aws_launch_template.node.latest_version
      }

      dynamic "override" {
        for_each = var.instance_types

        content {
          instance_type = override.value
        }
      }
    }
  }

  # The last one is how Kubernetes' cloud controller knows its nodes:
  # https://docs.aws.amazon.com/eks/latest/userguide/worker.html
  dynamic "tag" {
    for_each = merge(local.tags, { "kubernetes.io/cluster/${local.name}" = "owned" })

    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }

  timeouts {
    delete = "15m"
  }
}
