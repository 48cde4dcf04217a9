# What is refused before anything is planned. Terraform fails a run in which one of the expected failures does not come.
mock_provider "aws" {
  source = "./tests/mocks"
}

run "refused" {
  command = plan

  variables {
    name            = "demo-0123456789ab"   # what a demo is named like
    image_digest    = "latest"              # a tag, which can move
    allowed_origins = ["*"]                 # everybody
    demo_domain     = "com"                 # everybody's
    gitlab_ref      = "demo-*"              # a pattern
    gitlab_project  = "4711"                # a number, which no token says
    alarm_emails    = []                    # nobody
    drain_seconds   = 81                    # longer than Fargate waits
    tasks           = { min = 1, max = 3 }  # more than was thought of
    vpc_cidr        = "10.83.0.0/27"        # no room for two subnets
    settings        = { TABLE_NAME = "it" } # what the module sets itself
  }

  expect_failures = [
    var.name,
    var.image_digest,
    var.allowed_origins,
    var.demo_domain,
    var.gitlab_ref,
    var.gitlab_project,
    var.alarm_emails,
    var.drain_seconds,
    var.tasks,
    var.vpc_cidr,
    var.settings,
  ]
}

run "refused_for_what_it_would_break" {
  command = plan

  variables {
    destroyer_image_digest = null                   # a server without its net
    settings               = { LOG_LEVEL = "warn" } # a sweep that nobody sees
  }

  expect_failures = [var.image_digest, var.settings]
}
