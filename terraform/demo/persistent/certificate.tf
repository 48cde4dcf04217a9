# One certificate for all demos: its making takes minutes and must not be on anybody's way. It costs nothing.
resource "aws_acm_certificate" "demos" {
  domain_name       = "*.${var.domain}"
  validation_method = "DNS"
  tags              = local.tags

  lifecycle {
    create_before_destroy = true
  }
}

# A certificate of one name is proven by one record.
resource "aws_route53_record" "proof" {
  zone_id         = var.zone_id
  name            = one(aws_acm_certificate.demos.domain_validation_options).resource_record_name
  type            = one(aws_acm_certificate.demos.domain_validation_options).resource_record_type
  records         = [one(aws_acm_certificate.demos.domain_validation_options).resource_record_value]
  ttl             = 300
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "demos" {
  certificate_arn         = aws_acm_certificate.demos.arn
  validation_record_fqdns = [aws_route53_record.proof.fqdn]
}
