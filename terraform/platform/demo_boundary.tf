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
