variable "deployment_id" {
  description = "The deployment's id. What is built carries all of it in a tag, and its last 12 digits in its name."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", var.deployment_id))
    error_message = "A UUID of 36 characters in lower case."
  }
}

variable "installation" {
  description = "What everything carries in the tag demo_installation: the name of the server's DynamoDB table."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{3,255}$", var.installation))
    error_message = "The name of a DynamoDB table: 3 to 255 letters, digits, dots, dashes and underscores."
  }
}

variable "region" {
  description = "The one region in which demos are built."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region looks like us-east-1."
  }
}

variable "commit" {
  description = "The commit that is deployed; a tag on the cluster, and shown by the application."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^([0-9a-f]{7,64})?$", var.commit))
    error_message = "A commit is 7 to 64 hex digits."
  }
}

# When one of these runs out of standard support, it leaves the list. Dates:
# https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html: 1.34 until 2026-12-02, 1.35 until 2027-03-27.
# 1.34 is not in it, because a demo started on the last day would be upgraded under its visitor's eyes.
variable "kubernetes_version" {
  description = "The version of the control plane and of the nodes' image, in standard support: extended support costs six times as much."
  type        = string
  default     = "1.35"

  validation {
    condition     = contains(["1.35", "1.36"], var.kubernetes_version)
    error_message = "A version in standard support: 1.35 or 1.36."
  }
}

# ARM, and at least two virtual processors, in the order in which they are tried. The first three of what its network
# interface can hold are addresses for pods (docs/demo.md).
variable "instance_types" {
  description = "Kinds of instances for the nodes, best first. The next one is for when a zone has none of the first."
  type        = list(string)
  default     = ["t4g.small", "t4g.medium", "c7g.large"]

  validation {
    condition     = length(var.instance_types) > 0 && alltrue([for kind in var.instance_types : can(regex("^[a-z]+[0-9]+g[a-z]*\\.(small|medium|large)$", kind))])
    error_message = "Small ARM instances only, such as t4g.small."
  }
}

variable "node_count" {
  description = "Two nodes in two zones show more than one, and one of them may fail."
  type        = number
  default     = 2

  validation {
    condition     = contains([1, 2, 3], var.node_count)
    error_message = "One to three."
  }
}

# What follows comes from the layer that stays, in persistent.auto.tfvars.json. All of it may be missing when something is
# destroyed, which must not fail for want of a file; main.tf refuses to build without it.

variable "vpc_id" {
  description = "The network."
  type        = string
  default     = ""
}

variable "subnet_ids" {
  description = "Public subnets in two zones."
  type        = list(string)
  default     = []
}

variable "control_plane_security_group_id" {
  description = "The group of the control plane's interfaces."
  type        = string
  default     = ""
}

variable "node_security_group_id" {
  description = "The group of the nodes."
  type        = string
  default     = ""
}

variable "load_balancer_security_group_id" {
  description = "The group of the load balancer."
  type        = string
  default     = ""
}

variable "cluster_role_arn" {
  description = "The role of the control plane."
  type        = string
  default     = ""
}

variable "node_role_arn" {
  description = "The role of the nodes."
  type        = string
  default     = ""
}

variable "node_instance_profile" {
  description = "The name of the instance profile with the nodes' role."
  type        = string
  default     = ""
}

variable "admin_role_arns" {
  description = "Roles that may do anything in the cluster: the pipeline's."
  type        = set(string)
  default     = []
}

variable "certificate_arn" {
  description = "The certificate of *.<domain>."
  type        = string
  default     = ""
}

variable "zone_id" {
  description = "The hosted zone that serves the domain."
  type        = string
  default     = ""
}

variable "domain" {
  description = "The demo answers at https://demo-<12 hex digits>.<domain>/."
  type        = string
  default     = ""
}
