# The pipeline's role: one subject, one audience, one boundary.
mock_provider "aws" {
  source = "./tests/mocks"
}

run "as_it_is" {
  command = apply

  # Trust.
  assert {
    condition     = jsondecode(aws_iam_role.gitlab.assume_role_policy).Statement[0].Condition == { StringEquals = { "gitlab.com:aud" = "sts.amazonaws.com", "gitlab.com:sub" = "project_path:made-up/eks-demo:ref_type:tag:ref:demo-v1" } }
    error_message = "Without both of them, any project of that GitLab could take the role."
  }

  assert {
    condition     = jsondecode(aws_iam_role.gitlab.assume_role_policy).Statement[0].Action == "sts:AssumeRoleWithWebIdentity" && jsondecode(aws_iam_role.gitlab.assume_role_policy).Statement[0].Principal == { Federated = "arn:aws:iam::111122223333:oidc-provider/gitlab.com" }
    error_message = "By GitLab's token and in no other way."
  }

  assert {
    condition     = aws_iam_openid_connect_provider.gitlab[0].url == "https://gitlab.com" && toset(aws_iam_openid_connect_provider.gitlab[0].client_id_list) == toset(["sts.amazonaws.com"])
    error_message = "One audience."
  }

  # Boundary.
  assert {
    condition     = aws_iam_role.gitlab.permissions_boundary == aws_iam_policy.demo_boundary.arn
    error_message = "Whatever is attached later takes it no further."
  }

  assert {
    condition     = toset(flatten([for statement in jsondecode(aws_iam_policy.demo_boundary.policy).Statement : statement.Action if can(regex("iam:|sts:", jsonencode(statement.Action)))])) == toset(["iam:CreateServiceLinkedRole", "iam:GetRole", "iam:PassRole"])
    error_message = "No user, no role and no policy can be made or changed."
  }

  assert {
    condition     = !can(regex("dynamodb|secretsmanager|scheduler:|codebuild|ecs:|apigateway", aws_iam_policy.demo_boundary.policy))
    error_message = "Nothing of the platform is within reach."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_policy.demo_boundary.policy).Statement : statement if statement.Effect == "Deny"]).Condition == { StringEquals = { "aws:ResourceTag/demo_part" = "platform" } } && local.tags.demo_part == "platform"
    error_message = "What carries the platform's tag cannot be touched."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_policy.demo_boundary.policy).Statement : statement.Condition.StringEquals if try(statement.Sid, "") == "ServicesOfADemo"]) == { "aws:RequestedRegion" = "us-east-1" }
    error_message = "One region: the inventory looks into no other."
  }

  # Rights.
  assert {
    condition     = toset([for attachment in aws_iam_role_policy_attachment.gitlab : attachment.policy_arn]) == toset([aws_iam_policy.demo_build.arn, aws_iam_policy.demo_destroy.arn, aws_iam_policy.demo_look.arn])
    error_message = "It builds and destroys."
  }

  assert {
    condition     = { for statement in jsondecode(aws_iam_policy.demo_build.policy).Statement : statement.Condition.StringEquals["iam:PassedToService"] => statement.Resource if statement.Action == "iam:PassRole" } == { "ec2.amazonaws.com" = "arn:aws:iam::111122223333:role/demo-on-demand-eks-node", "eks.amazonaws.com" = "arn:aws:iam::111122223333:role/demo-on-demand-eks-cluster" }
    error_message = "The nodes' role to nodes, the clusters' role to clusters, and no other."
  }

  assert {
    condition     = toset([for statement in jsondecode(aws_iam_policy.demo_destroy.policy).Statement : statement.Resource if statement.Action == "route53:ChangeResourceRecordSets"]) == toset(["arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ"]) && one([for statement in jsondecode(aws_iam_policy.demo_destroy.policy).Statement : statement.Condition["ForAllValues:StringLike"] if statement.Action == "route53:ChangeResourceRecordSets"]) == { "route53:ChangeResourceRecordSetsNormalizedRecordNames" = "demo-????????????.demo.example.com" }
    error_message = "In the zone, only the records of demos."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_policy.demo_build.policy).Statement : statement.Condition.StringEquals == { "aws:RequestTag/demo_installation" = "demo-on-demand" } && statement.Condition.Null == { "aws:RequestTag/deployment_id" = "false" } if try(statement.Sid, "") == "BuildTagged"])
    error_message = "What is made carries both tags, or the inventory would not see it."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_policy.demo_destroy.policy).Statement : statement.Condition if try(statement.Sid, "") == "DestroyByTag"]) == { Bool = { "aws:SecureTransport" = "true" }, StringEquals = { "aws:ResourceTag/demo_installation" = "demo-on-demand" }, Null = { "aws:ResourceTag/deployment_id" = "false" } }
    error_message = "Only what is of a deployment of ours; the landmark is not."
  }

  assert {
    condition     = alltrue([for resource in flatten([for statement in jsondecode(aws_iam_policy.demo_destroy.policy).Statement : statement.Resource if can(regex("eks:Delete", jsonencode(statement.Action)))]) : strcontains(resource, "/demo-????????????*")])
    error_message = "Clusters, groups and load balancers by a demo's name."
  }

  assert {
    condition     = alltrue([for resource in flatten([for statement in concat(jsondecode(aws_iam_policy.demo_look.policy).Statement, jsondecode(aws_iam_policy.demo_build.policy).Statement) : statement.Resource if can(regex("s3:.*Object", jsonencode(statement.Action)))]) : startswith(resource, "arn:aws:s3:::demo-on-demand-state-111122223333-us-east-1/demo/")])
    error_message = "The states of demos, and not the platform's own."
  }
}

run "provider_that_is_there" {
  command = apply

  variables {
    gitlab_url               = "https://gitlab.example.com"
    gitlab_oidc_provider_arn = "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com"
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.gitlab) == 0 && jsondecode(aws_iam_role.gitlab.assume_role_policy).Statement[0].Principal == { Federated = "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com" }
    error_message = "An account has one provider for each address."
  }

  assert {
    condition     = toset(keys(jsondecode(aws_iam_role.gitlab.assume_role_policy).Statement[0].Condition.StringEquals)) == toset(["gitlab.example.com:aud", "gitlab.example.com:sub"])
    error_message = "The claims are named after the host."
  }
}
