# GitLab's pipeline proves who it is with a token that GitLab signs for each job; there is no key of AWS in GitLab. One
# audience and one subject are trusted: the protected tag of the one project.

locals {
  gitlab_host         = trimprefix(var.gitlab_url, "https://")
  gitlab_provider_arn = var.gitlab_oidc_provider_arn == null ? aws_iam_openid_connect_provider.gitlab[0].arn : var.gitlab_oidc_provider_arn
  gitlab_subject      = "project_path:${var.gitlab_project}:ref_type:tag:ref:${var.gitlab_ref}"
}

resource "aws_iam_openid_connect_provider" "gitlab" {
  count = var.gitlab_oidc_provider_arn == null ? 1 : 0

  url            = var.gitlab_url
  client_id_list = [var.gitlab_audience]
}

resource "aws_iam_role" "gitlab" {
  name                 = "${var.name}-gitlab"
  description          = "GitLab's pipeline: builds and destroys demos."
  max_session_duration = 3600
  permissions_boundary = aws_iam_policy.demo_boundary.arn

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = local.gitlab_provider_arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "${local.gitlab_host}:aud" = var.gitlab_audience
          "${local.gitlab_host}:sub" = local.gitlab_subject
        }
      }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "gitlab" {
  for_each = {
    build   = aws_iam_policy.demo_build.arn
    destroy = aws_iam_policy.demo_destroy.arn
    look    = aws_iam_policy.demo_look.arn
  }

  role       = aws_iam_role.gitlab.name
  policy_arn = each.value
}
