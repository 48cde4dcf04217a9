locals {
  # The inventory and destroy.sh derive the same name (src/adapters/aws-inventory-scope.ts). It has 17 characters; the
  # shortest limit is that of load balancers and target groups, 32.
  name = "demo-${substr(replace(var.deployment_id, "-", ""), 20, 12)}"
  host = "${local.name}.${var.domain}"

  tags = {
    Name              = local.name
    deployment_id     = var.deployment_id
    demo_installation = var.installation
  }

  node_port = 30080

  # Kubernetes numbers its services from here, and the nodes have to know it before there is a cluster to ask.
  service_cidr = "172.20.0.0/16"

  # Which of the values that only an apply needs are missing.
  missing = [for name, value in {
    admin_role_arns                 = join("", var.admin_role_arns)
    certificate_arn                 = var.certificate_arn
    cluster_role_arn                = var.cluster_role_arn
    control_plane_security_group_id = var.control_plane_security_group_id
    domain                          = var.domain
    load_balancer_security_group_id = var.load_balancer_security_group_id
    node_instance_profile           = var.node_instance_profile
    node_role_arn                   = var.node_role_arn
    node_security_group_id          = var.node_security_group_id
    subnet_ids                      = join("", slice(concat(var.subnet_ids, ["", ""]), 1, 2))
    vpc_id                          = var.vpc_id
    zone_id                         = var.zone_id
  } : name if value == ""]
}
