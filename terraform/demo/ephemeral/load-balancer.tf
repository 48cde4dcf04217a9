# Made by Terraform, not by a controller in the cluster: so it is made beside the control plane, and it is known to the
# state that takes it down.
resource "aws_lb" "demo" {
  name               = local.name
  load_balancer_type = "network"
  internal           = false
  subnets            = var.subnet_ids
  security_groups    = [var.load_balancer_security_group_id]
  tags               = local.tags

  # Either address leads to either node, so one node that is not ready yet shows nobody a dead page.
  enable_cross_zone_load_balancing = true
  enable_deletion_protection       = false

  timeouts {
    create = "10m"
    delete = "10m"
  }
}

resource "aws_lb_target_group" "demo" {
  name        = local.name
  vpc_id      = var.vpc_id
  target_type = "instance"
  protocol    = "TCP"
  port        = local.node_port
  tags        = local.tags

  # What comes from the load balancer's own addresses is what its security group lets through.
  preserve_client_ip = false

  # Nobody is waited for when it is over.
  deregistration_delay   = 0
  connection_termination = true

  health_check {
    protocol            = "HTTP"
    path                = "/livez"
    matcher             = "200"
    interval            = 5
    timeout             = 2
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }
}

# Without ALPN: behind it there is plain HTTP/1.1.
resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.demo.arn
  protocol          = "TLS"
  port              = 443
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn
  alpn_policy       = "None"
  tags              = local.tags

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.demo.arn
  }

  timeouts {
    create = "5m"
    update = "5m"
  }
}

# The only thing here that has no tags. Left over it would cost nothing and lead nowhere: the load balancer's own name never
# comes again, nor does this one (docs/demo.md).
resource "aws_route53_record" "demo" {
  zone_id = var.zone_id
  name    = local.host
  type    = "A"

  alias {
    name                   = aws_lb.demo.dns_name
    zone_id                = aws_lb.demo.zone_id
    evaluate_target_health = false
  }

  timeouts {
    create = "10m"
    delete = "10m"
  }
}
