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

variable "image_digest" {
  description = "Digest of the server's image in the repository this makes. Null for the first apply, which makes everything but the service."
  type        = string
  default     = null

  validation {
    condition     = var.image_digest == null || can(regex("^sha256:[0-9a-f]{64}$", var.image_digest))
    error_message = "A digest such as sha256: and 64 hex digits. Tags can move, so they are not taken."
  }

  validation {
    condition     = var.image_digest == null || var.destroyer_image_digest != null
    error_message = "The server starts no demo without its second destroyer: destroyer_image_digest is needed as well."
  }
}

variable "destroyer_image_digest" {
  description = "Digest of the second destroyer's image in the repository this makes. Null for the first apply."
  type        = string
  default     = null

  validation {
    condition     = var.destroyer_image_digest == null || can(regex("^sha256:[0-9a-f]{64}$", var.destroyer_image_digest))
    error_message = "A digest such as sha256: and 64 hex digits. Tags can move, so they are not taken."
  }
}

variable "tasks" {
  description = "How many tasks of the server run: at least min, up to max when the processor is busy. All state is in the table, so any number is correct."
  type = object({
    min = optional(number, 1)
    max = optional(number, 1)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains([1, 2], var.tasks.min) && contains([1, 2], var.tasks.max) && var.tasks.min <= var.tasks.max
    error_message = "One or two tasks, and max not below min."
  }
}

variable "use_spot" {
  description = "Runs every task on Fargate Spot: about $5 a month less, and no task while AWS has no spare capacity. There is no fallback to on-demand."
  type        = bool
  default     = false
  nullable    = false
}

variable "drain_seconds" {
  description = "How long a task that was told to stop goes on answering: the gateway sends it requests for a while."
  type        = number
  default     = 30
  nullable    = false

  # The server takes 30 s more to end, and Fargate kills after 120 s at most.
  validation {
    condition     = var.drain_seconds >= 0 && var.drain_seconds <= 80 && floor(var.drain_seconds) == var.drain_seconds
    error_message = "Whole seconds from 0 to 80."
  }
}

variable "allowed_origins" {
  description = "The sites whose pages may use the button, as exact origins."
  type        = list(string)

  validation {
    condition     = length(var.allowed_origins) >= 1 && length(var.allowed_origins) <= 20 && alltrue([for origin in var.allowed_origins : can(regex("^https?://[a-z0-9.-]+(:[0-9]+)?$", origin))])
    error_message = "1 to 20 origins such as https://cv.example.com, without a path and never * or null."
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

variable "settings" {
  description = "Any other variable of docs/configuration.md, such as { DEMO_TTL_MINUTES = \"45\" }. Only names that this module does not set itself."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.settings) : contains(local.settable, name)])
    error_message = "Unknown, or set by this module. These can be set: ${join(", ", local.settable)}."
  }

  # The alarm on a silent sweep counts lines of the level info.
  validation {
    condition     = contains(["info", "debug", "trace"], lookup(var.settings, "LOG_LEVEL", "info"))
    error_message = "LOG_LEVEL has to be info, debug or trace, or the alarm on a silent sweep would ring all the time."
  }
}

variable "demo_domain" {
  description = "Each demo answers at https://demo-<12 hex digits>.<domain>/; the same as domain of terraform/demo/persistent. No other link is ever shown to a visitor."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,}$", var.demo_domain)) && length(var.demo_domain) <= 200
    error_message = "A lower-case domain of at least two labels, such as demo.example.com."
  }
}

variable "demo_zone_id" {
  description = "The Route 53 hosted zone that serves that domain; the same as zone_id of terraform/demo/persistent."
  type        = string

  validation {
    condition     = can(regex("^Z[A-Z0-9]{4,31}$", var.demo_zone_id))
    error_message = "The id of a hosted zone, such as Z0123456789ABCDEFGHIJ."
  }
}

variable "gitlab_url" {
  description = "The GitLab that runs the pipelines."
  type        = string
  default     = "https://gitlab.com"

  validation {
    condition     = can(regex("^https://[a-z0-9.-]+$", var.gitlab_url))
    error_message = "An https origin without a port or a path."
  }
}

variable "gitlab_project" {
  description = "Path of the project whose pipeline builds demos. A number will not do: the trust of the role compares the path."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)+$", var.gitlab_project))
    error_message = "A path such as group/eks-demo."
  }
}

variable "gitlab_ref" {
  description = "The protected tag that apply and destroy run from."
  type        = string
  default     = "demo-v1"

  validation {
    condition     = can(regex("^[A-Za-z0-9_][A-Za-z0-9_./-]{0,99}$", var.gitlab_ref))
    error_message = "The name of one tag, without a pattern."
  }
}

variable "gitlab_audience" {
  description = "The one audience that AWS takes GitLab's tokens for; id_tokens.aud of .gitlab-ci.yml has to be the same."
  type        = string
  default     = "sts.amazonaws.com"

  validation {
    condition     = can(regex("^[A-Za-z0-9.:/_-]{3,255}$", var.gitlab_audience))
    error_message = "One audience, without a pattern."
  }
}

variable "gitlab_oidc_provider_arn" {
  description = "ARN of the account's OIDC provider for this GitLab, if there is one already: an account can have only one for each address. Null: it is made here."
  type        = string
  default     = null
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
