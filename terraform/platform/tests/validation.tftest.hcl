# What is refused before anything is planned.
mock_provider "aws" {
  source = "./tests/mocks"
}

run "tag_for_an_image" {
  command = plan
  variables {
    image_digest = "latest"
  }
  expect_failures = [var.image_digest]
}

run "server_without_its_destroyer" {
  command = plan
  variables {
    destroyer_image_digest = null
  }
  expect_failures = [var.image_digest]
}

run "wildcard_origin" {
  command = plan
  variables {
    allowed_origins = ["*"]
  }
  expect_failures = [var.allowed_origins]
}

run "domain_of_everybody" {
  command = plan
  variables {
    demo_domain = "com"
  }
  expect_failures = [var.demo_domain]
}

run "pattern_for_a_tag" {
  command = plan
  variables {
    gitlab_ref = "demo-*"
  }
  expect_failures = [var.gitlab_ref]
}

run "number_for_a_project" {
  command = plan
  variables {
    gitlab_project = "4711"
  }
  expect_failures = [var.gitlab_project]
}

run "nobody_to_alarm" {
  command = plan
  variables {
    alarm_emails = []
  }
  expect_failures = [var.alarm_emails]
}

run "setting_of_the_module" {
  command = plan
  variables {
    settings = { TABLE_NAME = "another" }
  }
  expect_failures = [var.settings]
}

run "log_level_without_the_sweep" {
  command = plan
  variables {
    settings = { LOG_LEVEL = "warn" }
  }
  expect_failures = [var.settings]
}

run "drain_longer_than_fargate_waits" {
  command = plan
  variables {
    drain_seconds = 81
  }
  expect_failures = [var.drain_seconds]
}

run "three_tasks" {
  command = plan
  variables {
    tasks = { min = 1, max = 3 }
  }
  expect_failures = [var.tasks]
}

run "name_of_a_demo" {
  command = plan
  variables {
    name = "demo-0123456789ab"
  }
  expect_failures = [var.name]
}

run "network_too_small" {
  command = plan
  variables {
    vpc_cidr = "10.83.0.0/27"
  }
  expect_failures = [var.vpc_cidr]
}
