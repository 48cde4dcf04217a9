variable "name" {
  description = "Name of this installation: of the table and of what is made beside it. terraform/demo/persistent takes it as installation and as name_prefix. Two installations in one account need two names."
  type        = string
  default     = "demo-on-demand"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,23}$", var.name)) && !can(regex("demo-[0-9a-f]{12}", var.name))
    error_message = "A name is 3 to 24 lower-case letters, digits and hyphens, and not one that a demo itself could have."
  }
}

variable "account_id" {
  description = "The AWS account. Terraform refuses to work in any other."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account id has 12 digits."
  }
}

variable "region" {
  description = "The one region of the platform and of every demo. The inventory looks into no other."
  type        = string
  default     = "us-east-1"

  validation {
    condition     = can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$", var.region))
    error_message = "A region looks like us-east-1."
  }
}

variable "excluded_zone_ids" {
  description = "Zones that cannot hold a VPC link, by zone id, since the letters differ between accounts."
  type        = list(string)
  default     = ["use1-az3"]
  nullable    = false
}

variable "vpc_cidr" {
  description = "Address block of the platform's own network, /16 to /26. Nothing is routed to it from outside."
  type        = string
  default     = "10.83.0.0/24"

  validation {
    condition     = can(cidrsubnet(var.vpc_cidr, 2, 3)) && try(tonumber(split("/", var.vpc_cidr)[1]), 0) >= 16 && try(tonumber(split("/", var.vpc_cidr)[1]), 99) <= 26
    error_message = "An IPv4 block from /16 to /26, such as 10.83.0.0/24."
  }
}

variable "domain" {
  description = "A domain of your own in front of the API, with the ARN of its certificate in this region. Null: the address that AWS gives the API."
  type = object({
    name            = string
    certificate_arn = string
  })
  default = null

  validation {
    condition     = var.domain == null || (can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.domain.name)) && can(regex("^arn:[a-z-]+:acm:", var.domain.certificate_arn)))
    error_message = "A domain such as demo.example.com and the ARN of an ACM certificate."
  }
}

variable "read_throttle" {
  description = "What the gateway lets through of reads, for each route and all visitors together. It bounds the bill of a flood; the server has limits per visitor of its own."
  type = object({
    per_second = optional(number, 50)
    burst      = optional(number, 100)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.read_throttle.per_second >= 10 && var.read_throttle.burst >= var.read_throttle.per_second
    error_message = "At least 10 a second, and a burst of no less than that: a page load is several requests."
  }
}

variable "alarm_emails" {
  description = "Who gets the alarms. AWS asks each address to confirm."
  type        = list(string)

  validation {
    condition     = length(var.alarm_emails) >= 1 && length(var.alarm_emails) <= 10 && alltrue([for address in var.alarm_emails : can(regex("^[^@\\s]+@[^@\\s]+$", address))])
    error_message = "1 to 10 e-mail addresses: an alarm that reaches nobody is none."
  }
}

variable "account_budget_usd" {
  description = "Monthly bill of the whole account from which on AWS writes a mail: at 80 % by forecast and at 100 %. What demos may spend is MONTHLY_BUDGET_USD in settings."
  type        = number
  default     = 40

  validation {
    condition     = var.account_budget_usd >= 1
    error_message = "At least one dollar."
  }
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([7, 14, 30, 60, 90, 180, 365], var.log_retention_days)
    error_message = "One of 7, 14, 30, 60, 90, 180 or 365."
  }
}

variable "webhook" {
  description = "Makes a fourth secret, for the address and key of the owner's webhook, and lets the server read it."
  type        = bool
  default     = false
  nullable    = false
}

variable "deletion_protection" {
  description = "Protects the table and keeps images. Only for the day on which all of it is torn down: see docs/deploy.md."
  type        = bool
  default     = true
  nullable    = false
}
