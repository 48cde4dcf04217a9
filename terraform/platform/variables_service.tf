# What runs, and how.

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
