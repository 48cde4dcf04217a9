terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.45, < 7.0"
    }
  }
}

# Everything of this layer carries the installation's mark and no deployment_id. That makes its security groups the
# landmark by which the inventory knows that it looks at the right account and region (docs/adr/0017).
provider "aws" {
  region = var.region

  default_tags {
    tags = local.tags
  }
}

locals {
  tags = {
    demo_installation = var.installation
    Name              = var.name_prefix
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}
