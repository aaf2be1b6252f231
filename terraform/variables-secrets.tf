variable "secrets" {
  description = <<-EOT
    Secrets that exist already in this project's Secret Manager: id and the number of the version to use. log_hash_key:
    key of the hash that stands for an email in logs (without it every process takes a new one). edge_username,
    edge_password: credentials on Edge.
  EOT
  type = object({
    log_hash_key  = optional(object({ id = string, version = string }))
    edge_username = optional(object({ id = string, version = string }))
    edge_password = optional(object({ id = string, version = string }))
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for secret in values(var.secrets) : secret == null ? true : can(regex("^[1-9][0-9]*$", secret.version))])
    error_message = "secrets: set version to the number of a version. latest would change under running instances."
  }
  validation {
    condition     = alltrue([for key, secret in var.secrets : secret == null || var.secret_revisions[key] == null])
    error_message = "secrets: name a secret either here or in secret_revisions, not in both."
  }
  validation {
    condition     = var.apigee.type != "edge" || alltrue([for key in ["edge_username", "edge_password"] : var.secrets[key] != null || var.secret_revisions[key] != null])
    error_message = "secrets: apigee.type = edge needs edge_username and edge_password, here or in secret_revisions."
  }
}

variable "secret_revisions" {
  description = <<-EOT
    Secrets to be made here from secret_values, each with a number that says which value it has: raise it to have a new
    value written, and the functions restarted with it.
  EOT
  type = object({
    log_hash_key  = optional(number)
    edge_username = optional(number)
    edge_password = optional(number)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for key, revision in var.secret_revisions : revision == null || var.secret_values[key] != null])
    error_message = "secret_revisions: every secret named here needs its value in secret_values, at every plan and apply."
  }
}

variable "secret_values" {
  description = "Values of the secrets of secret_revisions. They are written to Secret Manager and to no plan and no state."
  type = object({
    log_hash_key  = optional(string)
    edge_username = optional(string)
    edge_password = optional(string)
  })
  default   = {}
  nullable  = false
  ephemeral = true
  sensitive = true

  validation {
    condition     = var.secret_values.log_hash_key == null ? true : length(var.secret_values.log_hash_key) >= 16
    error_message = "secret_values.log_hash_key: set at least 16 characters that nobody can guess, such as those of openssl rand -hex 32."
  }
}
