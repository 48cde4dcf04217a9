# What may be done to the things of a demo, and by whom: GitLab's pipeline builds and destroys, the second destroyer only
# destroys. Names begin with demo- and 12 hex digits, and everything carries the tags demo_installation and deployment_id.
# Both roles stand under one boundary, so that no policy that is added later takes them further.

locals {
  # IAM has no pattern for hex digits; these are 12 characters.
  demo_names = "demo-????????????*"

  # Of this installation, and of one deployment of it: the landmark carries only the first.
  demo_tags = {
    StringEquals = { "aws:ResourceTag/demo_installation" = var.name }
    Null         = { "aws:ResourceTag/deployment_id" = "false" }
  }

  demo_request_tags = {
    StringEquals = { "aws:RequestTag/demo_installation" = var.name }
    Null         = { "aws:RequestTag/deployment_id" = "false" }
  }

  # What Terraform and destroy.sh look at beside what the inventory asks. All of it only reads, and almost none of it can be
  # limited to a part of the account.
  demo_read_actions = concat(local.inventory_actions, [
    "autoscaling:DescribeScalingActivities",
    "autoscaling:DescribeTags",
    "autoscaling:DescribeTrafficSources",
    "ec2:DescribeAccountAttributes",
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeImages",
    "ec2:DescribeInstanceAttribute",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeInternetGateways",
    "ec2:DescribeLaunchTemplateVersions",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSubnets",
    "ec2:DescribeTags",
    "ec2:DescribeVpcAttribute",
    "ec2:DescribeVpcs",
    "eks:DescribeAccessEntry",
    "eks:DescribeUpdate",
    "eks:ListAccessEntries",
    "eks:ListAssociatedAccessPolicies",
    "elasticloadbalancing:DescribeListenerAttributes",
    "elasticloadbalancing:DescribeLoadBalancerAttributes",
    "elasticloadbalancing:DescribeTargetGroupAttributes",
    "elasticloadbalancing:DescribeTargetHealth",
  ])

  # By name, in the services whose ARNs have the name in them.
  demo_named_resources = [
    "arn:${local.partition}:autoscaling:${local.account}:autoScalingGroup:*:autoScalingGroupName/${local.demo_names}",
    "arn:${local.partition}:eks:${local.account}:access-entry/${local.demo_names}",
    "arn:${local.partition}:eks:${local.account}:cluster/${local.demo_names}",
    "arn:${local.partition}:eks:${local.account}:nodegroup/${local.demo_names}",
    "arn:${local.partition}:elasticloadbalancing:${local.account}:listener/net/${local.demo_names}",
    "arn:${local.partition}:elasticloadbalancing:${local.account}:loadbalancer/net/${local.demo_names}",
    "arn:${local.partition}:elasticloadbalancing:${local.account}:targetgroup/${local.demo_names}",
  ]

  demo_build_named_actions = [
    "autoscaling:CreateAutoScalingGroup",
    "autoscaling:CreateOrUpdateTags",
    "autoscaling:SuspendProcesses",
    "eks:AssociateAccessPolicy",
    "eks:CreateAccessEntry",
    "eks:CreateCluster",
    "eks:TagResource",
    "elasticloadbalancing:AddTags",
    "elasticloadbalancing:CreateListener",
    "elasticloadbalancing:CreateLoadBalancer",
    "elasticloadbalancing:CreateTargetGroup",
    "elasticloadbalancing:ModifyTargetGroupAttributes",
  ]

  demo_destroy_named_actions = [
    "autoscaling:DeleteAutoScalingGroup",
    "autoscaling:DetachLoadBalancerTargetGroups",
    "autoscaling:DetachTrafficSources",
    "autoscaling:SetDesiredCapacity",
    "autoscaling:TerminateInstanceInAutoScalingGroup",
    "autoscaling:UpdateAutoScalingGroup",
    "eks:DeleteAccessEntry",
    "eks:DeleteCluster",
    "eks:DeleteNodegroup",
    "eks:DisassociateAccessPolicy",
    "eks:UpdateClusterConfig",
    "elasticloadbalancing:DeleteListener",
    "elasticloadbalancing:DeleteLoadBalancer",
    "elasticloadbalancing:DeleteTargetGroup",
    "elasticloadbalancing:DeregisterTargets",
    "elasticloadbalancing:ModifyLoadBalancerAttributes",
  ]

  # By tag, in EC2, whose ARNs have ids that nobody chooses.
  demo_ec2_resources = [
    for kind in ["instance", "launch-template", "network-interface", "security-group", "volume"] :
    "arn:${local.partition}:ec2:${local.account}:${kind}/*"
  ]

  demo_destroy_ec2_actions = [
    "ec2:DeleteLaunchTemplate",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteSecurityGroup",
    "ec2:DeleteVolume",
    "ec2:DetachNetworkInterface",
    "ec2:DetachVolume",
    "ec2:RevokeSecurityGroupEgress",
    "ec2:RevokeSecurityGroupIngress",
    "ec2:TerminateInstances",
  ]

  demo_states = "arn:${local.partition}:s3:::${local.demo_state_bucket}/demo/*/terraform.tfstate"

  demo_zone         = "arn:${local.partition}:route53:::hostedzone/${var.demo_zone_id}"
  demo_zone_actions = ["route53:GetChange", "route53:GetHostedZone", "route53:ListResourceRecordSets"]
  demo_records = {
    "ForAllValues:StringLike"   = { "route53:ChangeResourceRecordSetsNormalizedRecordNames" = "demo-????????????.${var.demo_domain}" }
    "ForAllValues:StringEquals" = { "route53:ChangeResourceRecordSetsRecordTypes" = "A" }
    Null                        = { "route53:ChangeResourceRecordSetsNormalizedRecordNames" = "false" }
  }

  # Roles that AWS services make for themselves at their first use in an account.
  demo_service_roles = ["autoscaling.amazonaws.com", "eks.amazonaws.com", "elasticloadbalancing.amazonaws.com"]
}

# For both: the state of each demo, looking, and destroying.
resource "aws_iam_policy" "demo_destroy" {
  name        = "${var.name}-demo-destroy"
  description = "Reads and destroys what demos have built."

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
        Sid       = "ListStates"
        Effect    = "Allow"
        Action    = "s3:ListBucket"
        Resource  = "arn:${local.partition}:s3:::${local.demo_state_bucket}"
        Condition = merge(local.secure, { StringLike = { "s3:prefix" = "demo/*" } })
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
        Sid       = "LookAtNames"
        Effect    = "Allow"
        Action    = local.demo_zone_actions
        Resource  = [local.demo_zone, "arn:${local.partition}:route53:::change/*"]
        Condition = local.secure
      },
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
        # Which machine image of EKS is the latest one.
        Sid       = "NodeImage"
        Effect    = "Allow"
        Action    = "ssm:GetParameter"
        Resource  = "arn:${local.partition}:ssm:${var.region}::parameter/aws/service/eks/optimized-ami/*"
        Condition = local.secure
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

# The most that either role can ever do, whatever is attached to it; terraform/demo/persistent puts it on the roles of clusters
# and nodes as well. It grants nothing by itself.
resource "aws_iam_policy" "demo_boundary" {
  name        = "${var.name}-boundary"
  description = "The most that what builds, destroys or is a demo can ever do."

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "ServicesOfADemo"
        Effect = "Allow"
        Action = [
          "autoscaling:*",
          "ec2:*",
          "ecr:*",
          "eks:*",
          "elasticloadbalancing:*",
          "logs:CreateLogStream",
          "logs:PutLogEvents",
          "ssm:GetParameter",
          "tag:GetResources",
        ]
        Resource  = "*"
        Condition = merge(local.secure, { StringEquals = { "aws:RequestedRegion" = var.region } })
      },
      {
        # Route 53 is of no region.
        Sid       = "Names"
        Effect    = "Allow"
        Action    = concat(local.demo_zone_actions, ["route53:ChangeResourceRecordSets"])
        Resource  = [local.demo_zone, "arn:${local.partition}:route53:::change/*"]
        Condition = local.secure
      },
      {
        Sid       = "States"
        Effect    = "Allow"
        Action    = ["s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"]
        Resource  = ["arn:${local.partition}:s3:::${local.demo_state_bucket}", "arn:${local.partition}:s3:::${local.demo_state_bucket}/demo/*"]
        Condition = local.secure
      },
      {
        Sid       = "Roles"
        Effect    = "Allow"
        Action    = ["iam:GetRole", "iam:PassRole"]
        Resource  = values(local.demo_passed_roles)
        Condition = local.secure
      },
      {
        Sid       = "ServicesOwnRoles"
        Effect    = "Allow"
        Action    = "iam:CreateServiceLinkedRole"
        Resource  = "arn:${local.partition}:iam::${var.account_id}:role/aws-service-role/*"
        Condition = merge(local.secure, { StringEquals = { "iam:AWSServiceName" = local.demo_service_roles } })
      },
      {
        # A pipeline of the demo project must not reach what runs it.
        Sid       = "NothingOfThePlatform"
        Effect    = "Deny"
        Action    = ["autoscaling:*", "ec2:*", "eks:*", "elasticloadbalancing:*"]
        Resource  = "*"
        Condition = { StringEquals = { "aws:ResourceTag/demo_part" = "platform" } }
      },
    ]
  })
}

# CodeBuild's role: it destroys, and pulls and logs for that. It builds nothing.
resource "aws_iam_role" "destroyer" {
  name                 = "${var.name}-destroyer"
  description          = "The second destroyer: destroys demos, and nothing else."
  permissions_boundary = aws_iam_policy.demo_boundary.arn

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "codebuild.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = {
          "aws:SourceAccount" = var.account_id
          "aws:SourceArn"     = local.destroyer_project_arn
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "destroyer" {
  name = "run"
  role = aws_iam_role.destroyer.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "RegistryToken"
        Effect    = "Allow"
        Action    = local.registry_token_actions
        Resource  = "*"
        Condition = local.secure
      },
      {
        Sid       = "PullImage"
        Effect    = "Allow"
        Action    = local.pull_actions
        Resource  = aws_ecr_repository.this["destroyer"].arn
        Condition = local.secure
      },
      {
        Sid       = "WriteLog"
        Effect    = "Allow"
        Action    = local.log_actions
        Resource  = "${aws_cloudwatch_log_group.destroyer.arn}:*"
        Condition = local.secure
      },
    ]
  })
}

resource "aws_iam_role_policy_attachment" "destroyer_demo" {
  role       = aws_iam_role.destroyer.name
  policy_arn = aws_iam_policy.demo_destroy.arn
}
