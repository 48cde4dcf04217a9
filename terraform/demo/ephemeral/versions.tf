terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.45, < 7.0"
    }
  }

  # Bucket, key (demo/<deployment id>/terraform.tfstate), region, use_lockfile and encrypt come with init: whoever destroys
  # gives the key of one deployment and can reach no other.
  backend "s3" {}
}

# Every resource also says its tags itself. These are for the one that somebody forgets.
provider "aws" {
  region = var.region

  default_tags {
    tags = local.tags
  }
}
