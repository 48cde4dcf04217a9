# The secrets are made empty. Their values are put by hand (docs/deploy.md), so they are in no state, no plan and no task
# definition; there must never be an aws_secretsmanager_secret_version here.

locals {
  # By the variable of the server that names it.
  secrets = merge(
    {
      GITLAB_TOKEN_SECRET = { name = "gitlab-token", description = "GitLab's project access token, as plain text." }
      OWNER_TOKEN_SECRET  = { name = "owner-token", description = "The owner's token, 16 characters or more, as plain text." }
      SIGNING_KEY_SECRET  = { name = "signing-key", description = "The key of the control tokens, 32 characters or more, as plain text." }
    },
    var.webhook ? {
      WEBHOOK_SECRET = { name = "webhook", description = "The owner's webhook as JSON, with url and key." }
    } : {},
  )
}

resource "aws_secretsmanager_secret" "this" {
  for_each = local.secrets

  name                    = "${var.name}/${each.value.name}"
  description             = each.value.description
  recovery_window_in_days = 7
}

resource "aws_secretsmanager_secret_policy" "this" {
  for_each = local.secrets

  secret_arn          = aws_secretsmanager_secret.this[each.key].arn
  block_public_policy = true

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OnlyWithTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "secretsmanager:*"
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
