variable "region" {
  description = "The one region in which demos are built. The server's inventory looks at no other."
  type        = string
  default     = "us-east-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region looks like us-east-1."
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

variable "name_prefix" {
  description = "What the things of this layer are named after."
  type        = string
  default     = "demo-on-demand"

  # The bucket is <prefix>-state-<12 digits>-<region>, 63 characters at most, and the longest region has 14.
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,27}[a-z0-9]$", var.name_prefix))
    error_message = "3 to 29 lower-case letters, digits and dashes."
  }

  # A name like a deployment's would make the inventory take this layer for a demo that is left over.
  validation {
    condition     = !can(regex("demo-[0-9a-f]{12}($|[^0-9a-z])", var.name_prefix))
    error_message = "It must not look like the name of a deployment, demo- and 12 hex digits."
  }
}

variable "domain" {
  description = "Each demo answers at https://demo-<12 hex digits>.<domain>/. The hosted zone zone_id has to serve it."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,}$", var.domain)) && length(var.domain) <= 200
    error_message = "A lower-case domain of at least two labels, such as demo.example.com."
  }
}

variable "zone_id" {
  description = "The Route 53 hosted zone that serves the domain. One that is made for it costs $0.50 a month."
  type        = string

  validation {
    condition     = can(regex("^Z[A-Z0-9]{4,31}$", var.zone_id))
    error_message = "The id of a hosted zone, such as Z0123456789ABCDEFGHIJ."
  }
}

variable "permissions_boundary_arn" {
  description = "The permissions boundary of the platform, put on both roles. Null when there is none."
  type        = string
  default     = null
}

variable "admin_role_arns" {
  description = "Roles that may use kubectl: the pipeline's. The second destroyer needs no access, since nothing in a cluster makes anything outside it."
  type        = set(string)

  validation {
    condition     = length(var.admin_role_arns) > 0 && alltrue([for arn in var.admin_role_arns : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/", arn))])
    error_message = "At least one ARN of a role."
  }
}

variable "network_cidr" {
  description = "Addresses of the network, a /20 at least. It must not meet those of Kubernetes services, 172.20.0.0/16."
  type        = string
  default     = "10.64.0.0/20"

  validation {
    condition     = can(cidrsubnet(var.network_cidr, 4, 1)) && tonumber(split("/", var.network_cidr)[1]) <= 20
    error_message = "A block of IPv4 addresses of /20 or larger."
  }

  validation {
    condition     = !startswith(var.network_cidr, "172.20.")
    error_message = "172.20.0.0/16 belongs to the services of Kubernetes."
  }
}
