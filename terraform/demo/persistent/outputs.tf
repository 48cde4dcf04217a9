output "ephemeral_variables" {
  description = "terraform output -json ephemeral_variables > ../ephemeral/persistent.auto.tfvars.json, and commit that file."

  value = {
    admin_role_arns                 = var.admin_role_arns
    certificate_arn                 = aws_acm_certificate_validation.demos.certificate_arn
    cluster_role_arn                = aws_iam_role.cluster.arn
    control_plane_security_group_id = aws_security_group.demo["control_plane"].id
    domain                          = var.domain
    load_balancer_security_group_id = aws_security_group.demo["load_balancer"].id
    node_instance_profile           = aws_iam_instance_profile.node.name
    node_role_arn                   = aws_iam_role.node.arn
    node_security_group_id          = aws_security_group.demo["node"].id
    subnet_ids                      = [for key in sort(keys(local.subnets)) : aws_subnet.public[key].id]
    vpc_id                          = aws_vpc.demo.id
    zone_id                         = var.zone_id
  }

  # Nothing of a demo works without them, and nobody who uses the values above could wait for them.
  depends_on = [
    aws_iam_role_policy.cluster_makes_nothing,
    aws_iam_role_policy.node,
    aws_iam_role_policy_attachment.cluster,
    aws_route.internet,
    aws_route_table_association.public,
    aws_vpc_security_group_egress_rule.between,
    aws_vpc_security_group_egress_rule.nodes,
    aws_vpc_security_group_ingress_rule.between,
    aws_vpc_security_group_ingress_rule.visitors,
  ]
}

output "state_bucket" {
  description = "STATE_BUCKET of the pipeline and of the second destroyer."
  value       = aws_s3_bucket.state.bucket
}

output "live_origin" {
  description = "What the server has to allow as the origin of live links."
  value       = "https://*.${var.domain}"
}

output "passed_role_arns" {
  description = "The roles that the pipeline's role has to be allowed to pass, to EKS and to EC2."
  value       = { "eks.amazonaws.com" = aws_iam_role.cluster.arn, "ec2.amazonaws.com" = aws_iam_role.node.arn }
}

output "landmark_security_group_id" {
  description = "It is always there, with the installation's mark and no deployment_id."
  value       = aws_security_group.demo["node"].id
}
