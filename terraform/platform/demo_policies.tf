# The policies made of the lists in demo_rights.tf.

# For both: looking, and the state of each demo.
resource "aws_iam_policy" "demo_look" {
  name        = "${var.name}-demo-look"
  description = "Looks at what demos have built, and keeps their states."

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Look"
        Effect    = "Allow"
        Action    = local.demo_read_actions
        Resource  = "*"
        Condition = local.secure
      },
      {
        # IfExists, since reading a state that is not there yet is told from a forbidden one by this right, and has no prefix.
        Sid       = "ListStates"
        Effect    = "Allow"
        Action    = "s3:ListBucket"
        Resource  = "arn:${local.partition}:s3:::${local.demo_state_bucket}"
        Condition = merge(local.secure, { StringLikeIfExists = { "s3:prefix" = "demo/*" } })
      },
      {
        Sid       = "State"
        Effect    = "Allow"
        Action    = ["s3:GetObject", "s3:PutObject"]
        Resource  = [local.demo_states, "${local.demo_states}.tflock"]
        Condition = local.secure
      },
      {
        Sid       = "Unlock"
        Effect    = "Allow"
        Action    = "s3:DeleteObject"
        Resource  = "${local.demo_states}.tflock"
        Condition = local.secure
      },
      {
        # Which machine image of EKS is the latest one. Destroying asks as well, since Terraform reads everything before it acts.
        Sid       = "NodeImage"
        Effect    = "Allow"
        Action    = "ssm:GetParameter"
        Resource  = "arn:${local.partition}:ssm:${var.region}::parameter/aws/service/eks/optimized-ami/*"
        Condition = local.secure
      },
      {
        Sid       = "LookAtNames"
        Effect    = "Allow"
        Action    = local.demo_zone_actions
        Resource  = [local.demo_zone, "arn:${local.partition}:route53:::change/*"]
        Condition = local.secure
      },
    ]
  })
}

# For both: destroying.
resource "aws_iam_policy" "demo_destroy" {
  name        = "${var.name}-demo-destroy"
  description = "Destroys what demos have built."

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # The address of a demo, and no other record of the zone.
        Sid       = "OwnName"
        Effect    = "Allow"
        Action    = "route53:ChangeResourceRecordSets"
        Resource  = local.demo_zone
        Condition = merge(local.secure, local.demo_records)
      },
      {
        Sid       = "DestroyByName"
        Effect    = "Allow"
        Action    = local.demo_destroy_named_actions
        Resource  = local.demo_named_resources
        Condition = local.secure
      },
      {
        Sid       = "DestroyByTag"
        Effect    = "Allow"
        Action    = local.demo_destroy_ec2_actions
        Resource  = local.demo_ec2_resources
        Condition = merge(local.secure, local.demo_tags)
      },
      {
        # What EKS and its network plug-in make carries their tags and not ours.
        Sid       = "DestroyByCluster"
        Effect    = "Allow"
        Action    = local.demo_destroy_ec2_actions
        Resource  = local.demo_ec2_resources
        Condition = merge(local.secure, { StringLike = { "aws:ResourceTag/aws:eks:cluster-name" = local.demo_names } })
      },
      {
        Sid       = "DestroyByPlugin"
        Effect    = "Allow"
        Action    = ["ec2:DeleteNetworkInterface", "ec2:DetachNetworkInterface"]
        Resource  = "arn:${local.partition}:ec2:${local.account}:network-interface/*"
        Condition = merge(local.secure, { StringLike = { "aws:ResourceTag/cluster.k8s.amazonaws.com/name" = local.demo_names } })
      },
    ]
  })
}

# For GitLab alone.
resource "aws_iam_policy" "demo_build" {
  name        = "${var.name}-demo-build"
  description = "Builds demos."

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # Put once for each deployment, so that an apply that is run again builds nothing.
        Sid       = "Claim"
        Effect    = "Allow"
        Action    = ["s3:GetObject", "s3:PutObject"]
        Resource  = local.demo_claims
        Condition = local.secure
      },
      {
        Sid       = "BuildByName"
        Effect    = "Allow"
        Action    = local.demo_build_named_actions
        Resource  = local.demo_named_resources
        Condition = local.secure
      },
      {
        Sid       = "BuildTagged"
        Effect    = "Allow"
        Action    = ["ec2:CreateLaunchTemplate", "ec2:RunInstances"]
        Resource  = [for kind in ["instance", "launch-template", "volume"] : "arn:${local.partition}:ec2:${local.account}:${kind}/*"]
        Condition = merge(local.secure, local.demo_request_tags)
      },
      {
        Sid    = "RunIn"
        Effect = "Allow"
        Action = "ec2:RunInstances"
        Resource = concat(
          [for kind in ["launch-template", "network-interface", "security-group", "subnet"] : "arn:${local.partition}:ec2:${local.account}:${kind}/*"],
          ["arn:${local.partition}:ec2:${var.region}::image/*"],
        )
        Condition = local.secure
      },
      {
        Sid       = "TagWhatIsMade"
        Effect    = "Allow"
        Action    = "ec2:CreateTags"
        Resource  = local.demo_ec2_resources
        Condition = merge(local.secure, { StringEquals = { "ec2:CreateAction" = ["CreateLaunchTemplate", "RunInstances"] } })
      },
      {
        Sid       = "NewTemplateVersion"
        Effect    = "Allow"
        Action    = ["ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"]
        Resource  = "arn:${local.partition}:ec2:${local.account}:launch-template/*"
        Condition = merge(local.secure, local.demo_tags)
      },
      {
        Sid       = "LookAtRoles"
        Effect    = "Allow"
        Action    = "iam:GetRole"
        Resource  = values(local.demo_passed_roles)
        Condition = local.secure
      },
      {
        Sid       = "PassNodeRole"
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = local.demo_passed_roles["ec2.amazonaws.com"]
        Condition = merge(local.secure, { StringEquals = { "iam:PassedToService" = "ec2.amazonaws.com" } })
      },
      {
        Sid       = "PassClusterRole"
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = local.demo_passed_roles["eks.amazonaws.com"]
        Condition = merge(local.secure, { StringEquals = { "iam:PassedToService" = "eks.amazonaws.com" } })
      },
      {
        Sid       = "ServicesOwnRoles"
        Effect    = "Allow"
        Action    = "iam:CreateServiceLinkedRole"
        Resource  = "arn:${local.partition}:iam::${var.account_id}:role/aws-service-role/*"
        Condition = merge(local.secure, { StringEquals = { "iam:AWSServiceName" = local.demo_service_roles } })
      },
    ]
  })
}
