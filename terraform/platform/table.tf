# One table holds everything: see src/adapters/dynamodb-schema.ts, with which a test compares the names below.

locals {
  table = {
    key           = "deployment_id"
    listing_index = "listing"
    listed        = "listed"
    listed_at     = "listed_at"
    expires       = "expires_epoch_seconds"
  }

  # The most units a second, so that no loop and no flood can run up a bill. Written are chunks of logs of up to 64 KB, a
  # unit each KB, so a lower ceiling would refuse them.
  ceiling = {
    reads  = 200
    writes = 100
  }
}

resource "aws_dynamodb_table" "this" {
  name                        = var.name
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = local.table.key
  deletion_protection_enabled = var.deletion_protection

  attribute {
    name = local.table.key
    type = "S"
  }

  attribute {
    name = local.table.listed
    type = "S"
  }

  attribute {
    name = local.table.listed_at
    type = "S"
  }

  # Sparse: only what is listed carries its key.
  global_secondary_index {
    name            = local.table.listing_index
    projection_type = "ALL"

    key_schema {
      attribute_name = local.table.listed
      key_type       = "HASH"
    }

    key_schema {
      attribute_name = local.table.listed_at
      key_type       = "RANGE"
    }

    on_demand_throughput {
      max_read_request_units  = local.ceiling.reads
      max_write_request_units = local.ceiling.writes
    }
  }

  on_demand_throughput {
    max_read_request_units  = local.ceiling.reads
    max_write_request_units = local.ceiling.writes
  }

  ttl {
    attribute_name = local.table.expires
    enabled        = true
  }

  point_in_time_recovery {
    enabled = true
  }
}

resource "aws_dynamodb_resource_policy" "this" {
  resource_arn = aws_dynamodb_table.this.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OnlyWithTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "dynamodb:*"
      Resource  = [aws_dynamodb_table.this.arn, "${aws_dynamodb_table.this.arn}/index/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
