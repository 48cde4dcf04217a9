# The net: it starts without the server and without GitLab, and only destroys.
mock_provider "aws" {
  source = "./tests/mocks"
}

run "as_it_is" {
  command = apply

  # Project.
  assert {
    condition     = aws_codebuild_project.destroyer[0].concurrent_build_limit == 1 && aws_codebuild_project.destroyer[0].build_timeout == 60
    error_message = "One build at a time, an hour at most."
  }

  assert {
    condition     = aws_codebuild_project.destroyer[0].source[0].type == "NO_SOURCE" && yamldecode(aws_codebuild_project.destroyer[0].source[0].buildspec).phases.build.commands == ["destroy.sh"]
    error_message = "Nothing is fetched from GitLab."
  }

  assert {
    condition     = aws_codebuild_project.destroyer[0].environment[0].image == "111122223333.dkr.ecr.us-east-1.amazonaws.com/demo-on-demand/destroyer@${var.destroyer_image_digest}" && aws_codebuild_project.destroyer[0].environment[0].image_pull_credentials_type == "SERVICE_ROLE" && !aws_codebuild_project.destroyer[0].environment[0].privileged_mode
    error_message = "Our own image, by digest, without privileges."
  }

  assert {
    condition     = jsonencode({ for variable in aws_codebuild_project.destroyer[0].environment[0].environment_variable : variable.name => variable.value }) == jsonencode({ DEMO_INSTALLATION = "demo-on-demand", STATE_BUCKET = "demo-on-demand-state-111122223333-us-east-1" })
    error_message = "It is told whose things to look for and where the states are; which demo, each start says."
  }

  assert {
    condition     = aws_codebuild_project.destroyer[0].name == "demo-on-demand-destroyer" && aws_codebuild_project.destroyer[0].service_role == aws_iam_role.destroyer.arn
    error_message = "The project has the name that the schedules start."
  }

  # Schedules.
  assert {
    condition     = jsondecode(aws_iam_role.scheduler.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceArn"] == aws_scheduler_schedule_group.this.arn
    error_message = "Only schedules of our group may take the role."
  }

  assert {
    condition     = toset(flatten([for statement in jsondecode(aws_iam_role_policy.scheduler.policy).Statement : statement.Action])) == toset(["codebuild:StartBuild", "sqs:SendMessage"])
    error_message = "It starts the build and notes a failure."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.scheduler.policy).Statement : statement.Resource if statement.Action == "codebuild:StartBuild"]) == "arn:aws:codebuild:us-east-1:111122223333:project/demo-on-demand-destroyer"
    error_message = "That project and no other."
  }

  assert {
    condition     = { for variable in jsondecode(aws_ecs_task_definition.server[0].container_definitions)[0].environment : variable.name => variable.value if startswith(variable.name, "SECOND_DESTROYER_") } == { SECOND_DESTROYER_GROUP = aws_scheduler_schedule_group.this.name, SECOND_DESTROYER_PROJECT = aws_codebuild_project.destroyer[0].name, SECOND_DESTROYER_ROLE_ARN = aws_iam_role.scheduler.arn, SECOND_DESTROYER_DEAD_LETTER_QUEUE_ARN = aws_sqs_queue.dead_letters.arn }
    error_message = "The server makes its schedules for these."
  }

  # Queue.
  assert {
    condition     = aws_sqs_queue.dead_letters.message_retention_seconds == 1209600 && aws_sqs_queue.dead_letters.sqs_managed_sse_enabled
    error_message = "Two weeks to look at it, encrypted."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_sqs_queue_policy.dead_letters.policy).Statement : statement.Effect == "Deny" && statement.Condition == { Bool = { "aws:SecureTransport" = "false" } }])
    error_message = "Nothing without TLS."
  }

  # Rights.
  assert {
    condition     = aws_iam_role.destroyer.permissions_boundary == aws_iam_policy.demo_boundary.arn && toset([for attachment in aws_iam_role_policy_attachment.destroyer : attachment.policy_arn]) == toset([aws_iam_policy.demo_destroy.arn, aws_iam_policy.demo_look.arn])
    error_message = "It destroys within the boundary."
  }

  assert {
    condition     = !can(regex("[a-z]:(Create|Run|Attach|Associate|Register|Pass)", "${aws_iam_policy.demo_look.policy}${aws_iam_policy.demo_destroy.policy}${replace(aws_iam_role_policy.destroyer.policy, "logs:CreateLogStream", "")}"))
    error_message = "What destroys can build nothing."
  }
}
