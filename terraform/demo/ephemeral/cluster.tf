# The longest step by far, 8 to 11 minutes. Nothing here waits for it but the three small things below: load balancer,
# nodes and name are made beside it (docs/demo.md).
resource "aws_eks_cluster" "demo" {
  name     = local.name
  role_arn = var.cluster_role_arn
  version  = var.kubernetes_version
  tags     = merge(local.tags, var.commit == "" ? {} : { commit = var.commit })

  # The network plug-in, kube-proxy and DNS come with the control plane. As add-ons each would be a step after it.
  bootstrap_self_managed_addons = true

  deletion_protection = false

  # No logs of the control plane: their group would be made again by EKS after it was deleted, and left behind.
  enabled_cluster_log_types = []

  access_config {
    authentication_mode = "API"

    # Who builds it gets access by the entries below, as everybody else does.
    bootstrap_cluster_creator_admin_permissions = false
  }

  kubernetes_network_config {
    ip_family         = "ipv4"
    service_ipv4_cidr = local.service_cidr
  }

  # The pipeline's runners have no fixed addresses, so the interface is public; who may use it is a matter of IAM. Nodes
  # reach it inside the network. EKS's own group for the cluster is on its own interfaces only, and goes with them.
  vpc_config {
    subnet_ids              = var.subnet_ids
    security_group_ids      = [var.control_plane_security_group_id]
    endpoint_public_access  = true
    endpoint_private_access = true
  }

  # A version whose standard support ends is upgraded and never costs more.
  upgrade_policy {
    support_type = "STANDARD"
  }

  timeouts {
    create = "25m"
    delete = "20m"
  }

  lifecycle {
    precondition {
      condition     = length(local.missing) == 0
      error_message = "persistent.auto.tfvars.json is missing or lacks ${join(", ", local.missing)}: make it with terraform output in persistent/."
    }
  }
}

resource "aws_eks_access_entry" "admin" {
  for_each = var.admin_role_arns

  cluster_name  = aws_eks_cluster.demo.name
  principal_arn = each.value
  type          = "STANDARD"
  tags          = local.tags

  timeouts {
    create = "5m"
    delete = "5m"
  }
}

resource "aws_eks_access_policy_association" "admin" {
  for_each = var.admin_role_arns

  cluster_name  = aws_eks_cluster.demo.name
  principal_arn = aws_eks_access_entry.admin[each.key].principal_arn
  policy_arn    = "arn:${split(":", each.value)[1]}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"

  access_scope {
    type = "cluster"
  }

  timeouts {
    create = "5m"
    delete = "5m"
  }
}

resource "aws_eks_access_entry" "nodes" {
  cluster_name  = aws_eks_cluster.demo.name
  principal_arn = var.node_role_arn
  type          = "EC2_LINUX"
  tags          = local.tags

  timeouts {
    create = "5m"
    delete = "5m"
  }
}
