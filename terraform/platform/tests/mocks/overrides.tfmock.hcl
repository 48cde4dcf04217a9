# Where a test tells one role, policy or image from another, each has an ARN of its own.

override_resource {
  target = aws_iam_role.execution
  values = { arn = "arn:aws:iam::111122223333:role/demo-on-demand-execution" }
}

override_resource {
  target = aws_iam_role.task
  values = { arn = "arn:aws:iam::111122223333:role/demo-on-demand-task" }
}

override_resource {
  target = aws_iam_role.scheduler
  values = { arn = "arn:aws:iam::111122223333:role/demo-on-demand-scheduler" }
}

override_resource {
  target = aws_iam_role.destroyer
  values = { arn = "arn:aws:iam::111122223333:role/demo-on-demand-destroyer" }
}

override_resource {
  target = aws_iam_policy.demo_look
  values = { arn = "arn:aws:iam::111122223333:policy/demo-on-demand-demo-look" }
}

override_resource {
  target = aws_iam_policy.demo_build
  values = { arn = "arn:aws:iam::111122223333:policy/demo-on-demand-demo-build" }
}

override_resource {
  target = aws_iam_policy.demo_destroy
  values = { arn = "arn:aws:iam::111122223333:policy/demo-on-demand-demo-destroy" }
}

override_resource {
  target = aws_iam_policy.demo_boundary
  values = { arn = "arn:aws:iam::111122223333:policy/demo-on-demand-boundary" }
}

override_resource {
  target = aws_ecr_repository.this["server"]
  values = {
    arn            = "arn:aws:ecr:us-east-1:111122223333:repository/demo-on-demand/server"
    repository_url = "111122223333.dkr.ecr.us-east-1.amazonaws.com/demo-on-demand/server"
  }
}

override_resource {
  target = aws_ecr_repository.this["destroyer"]
  values = {
    arn            = "arn:aws:ecr:us-east-1:111122223333:repository/demo-on-demand/destroyer"
    repository_url = "111122223333.dkr.ecr.us-east-1.amazonaws.com/demo-on-demand/destroyer"
  }
}

override_resource {
  target = aws_secretsmanager_secret.this["GITLAB_TOKEN_SECRET"]
  values = { arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:demo-on-demand/gitlab-token-AbCdEf" }
}

override_resource {
  target = aws_secretsmanager_secret.this["OWNER_TOKEN_SECRET"]
  values = { arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:demo-on-demand/owner-token-AbCdEf" }
}

override_resource {
  target = aws_secretsmanager_secret.this["SIGNING_KEY_SECRET"]
  values = { arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:demo-on-demand/signing-key-AbCdEf" }
}
