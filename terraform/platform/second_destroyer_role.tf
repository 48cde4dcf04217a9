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

resource "aws_iam_role_policy_attachment" "destroyer" {
  for_each = {
    destroy = aws_iam_policy.demo_destroy.arn
    look    = aws_iam_policy.demo_look.arn
  }

  role       = aws_iam_role.destroyer.name
  policy_arn = each.value
}
