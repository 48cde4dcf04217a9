locals {
  partition = data.aws_partition.current.partition
  account   = data.aws_caller_identity.current.account_id

  # Clusters of demos, and no others.
  clusters_arn = "arn:${local.partition}:eks:${var.region}:${local.account}:cluster/demo-*"
}

resource "aws_iam_role" "cluster" {
  name                 = "${var.name_prefix}-eks-cluster"
  description          = "What the control planes of demos may do"
  permissions_boundary = var.permissions_boundary_arn
  tags                 = local.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "eks.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "cluster" {
  role       = aws_iam_role.cluster.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/AmazonEKSClusterPolicy"
}

# The policy above lets Kubernetes' cloud controller make load balancers and volumes for whoever asks the cluster for
# one. Nobody does, and this makes sure that nobody can: what Terraform does not know, it could not take down.
resource "aws_iam_role_policy" "cluster_makes_nothing" {
  name = "makes-nothing"
  role = aws_iam_role.cluster.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid    = "MakesNothing"
      Effect = "Deny"
      Action = [
        "ec2:CreateRoute",
        "ec2:CreateSnapshot",
        "ec2:CreateVolume",
        "elasticloadbalancing:CreateListener",
        "elasticloadbalancing:CreateLoadBalancer",
        "elasticloadbalancing:CreateLoadBalancerListeners",
        "elasticloadbalancing:CreateTargetGroup",
      ]
      Resource = "*"
    }]
  })
}

resource "aws_iam_role" "node" {
  name                 = "${var.name_prefix}-eks-node"
  description          = "What the nodes of demos may do"
  permissions_boundary = var.permissions_boundary_arn
  tags                 = local.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

resource "aws_iam_instance_profile" "node" {
  name = aws_iam_role.node.name
  role = aws_iam_role.node.name
  tags = local.tags
}

# AWS's own AmazonEKS_CNI_Policy also lets the network plug-in make, attach and delete interfaces, and it leaves some
# behind when a node ends while it works (https://github.com/aws/amazon-vpc-cni-k8s/issues/69). Here it may only give
# further addresses to the interface that comes with the instance and goes with it. The plug-in goes on without a second
# one: "ENI allocation failure should not cause node to be NotReady" (pkg/ipamd/ipamd.go, increaseDatastorePool).
resource "aws_iam_role_policy" "node" {
  name = "node"
  role = aws_iam_role.node.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "FindsItsCluster"
        Effect   = "Allow"
        Action   = "eks:DescribeCluster"
        Resource = local.clusters_arn
      },
      {
        Sid    = "Looks"
        Effect = "Allow"
        Action = [
          "ec2:DescribeInstances",
          "ec2:DescribeInstanceTypes",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSubnets",
          "ec2:DescribeTags",
          "ec2:DescribeVpcs",
          "ecr:GetAuthorizationToken",
        ]
        Resource = "*"
      },
      {
        Sid      = "AddressesOfPods"
        Effect   = "Allow"
        Action   = ["ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"]
        Resource = "*"
        Condition = {
          StringEquals = { "aws:ResourceTag/demo_installation" = var.installation }
        }
      },
      {
        Sid      = "TagsItsInterface"
        Effect   = "Allow"
        Action   = "ec2:CreateTags"
        Resource = "arn:${local.partition}:ec2:${var.region}:${local.account}:network-interface/*"
        Condition = {
          StringEquals = { "aws:ResourceTag/demo_installation" = var.installation }
        }
      },
      {
        # By these it is known whose a thing is.
        Sid      = "LeavesOurTagsAlone"
        Effect   = "Deny"
        Action   = ["ec2:CreateTags", "ec2:DeleteTags"]
        Resource = "*"
        Condition = {
          "ForAnyValue:StringEquals" = { "aws:TagKeys" = ["deployment_id", "demo_installation"] }
        }
      },
      {
        # The images of EKS itself lie in accounts of AWS, another one in each region.
        Sid    = "PullsImages"
        Effect = "Allow"
        Action = [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:GetDownloadUrlForLayer",
        ]
        Resource = "arn:${local.partition}:ecr:${var.region}:*:repository/*"
      },
    ]
  })
}
