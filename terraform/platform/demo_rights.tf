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
    for kind in ["elastic-ip", "instance", "launch-template", "natgateway", "network-interface", "security-group", "volume"] :
    "arn:${local.partition}:ec2:${local.account}:${kind}/*"
  ]

  demo_destroy_ec2_actions = [
    "ec2:DeleteLaunchTemplate",
    "ec2:DeleteNatGateway",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteSecurityGroup",
    "ec2:DeleteVolume",
    "ec2:DetachNetworkInterface",
    "ec2:DetachVolume",
    "ec2:DisassociateAddress",
    "ec2:ReleaseAddress",
    "ec2:RevokeSecurityGroupEgress",
    "ec2:RevokeSecurityGroupIngress",
    "ec2:TerminateInstances",
  ]

  demo_claims = "arn:${local.partition}:s3:::${local.demo_state_bucket}/demo/*/claim"
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
