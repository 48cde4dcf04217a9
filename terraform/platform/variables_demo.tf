# Where demos are built, and by whom.

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
