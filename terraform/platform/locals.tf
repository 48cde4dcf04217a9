data "aws_partition" "current" {}

locals {
  partition = data.aws_partition.current.partition
  account   = "${var.region}:${var.account_id}"

  # Neither demo_installation nor deployment_id: what carries those belongs to a demo, and gets destroyed.
  tags = {
    project   = "demo-on-demand"
    demo_part = "platform"
  }

  # In every statement of every role: nothing is asked of AWS without TLS.
  secure = { Bool = { "aws:SecureTransport" = "true" } }

  # The first apply makes the repositories; images can only be pushed, and a service made, after it.
  has_destroyer = var.destroyer_image_digest != null
  is_serving    = var.image_digest != null

  container_port = 3000

  # Overwritten by the gateway in each request, so that no visitor chooses the address he is counted by.
  client_address_header = "x-demo-client-address"

  live_origin = "https://*.${var.demo_domain}"

  # As terraform/demo/persistent names them; a test compares. By name, because that layer needs our role and boundary first.
  demo_state_bucket = "${var.name}-state-${var.account_id}-${var.region}"
  demo_passed_roles = {
    "ec2.amazonaws.com" = "arn:${local.partition}:iam::${var.account_id}:role/${var.name}-eks-node"
    "eks.amazonaws.com" = "arn:${local.partition}:iam::${var.account_id}:role/${var.name}-eks-cluster"
  }

  public_url = var.domain == null ? aws_apigatewayv2_api.this.api_endpoint : "https://${var.domain.name}"
}
