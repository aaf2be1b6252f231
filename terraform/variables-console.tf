variable "console" {
  description = <<-EOT
    The web console, behind Identity-Aware Proxy (IAP); off unless set. members: whom IAP lets in (user:, group:,
    serviceAccount:, domain:). viewers, operators, admins: emails of who may what; for viewers also domain:example.com.
    edit_developers: let its account write to Apigee, so that operators may edit developers and synchronise one person;
    otherwise it only reads, and asks for runs. max_instances: together with the functions' they share
    apigee.calls_per_minute.
  EOT
  type = object({
    members         = list(string)
    viewers         = optional(list(string), [])
    operators       = optional(list(string), [])
    admins          = optional(list(string), [])
    edit_developers = optional(bool, false)
    max_instances   = optional(number, 2)
    min_instances   = optional(number, 0)
    memory          = optional(string, "512Mi")
  })
  default = null

  validation {
    condition     = var.console == null ? true : length(var.console.members) > 0 && alltrue([for member in var.console.members : can(regex("^(user|group|serviceAccount):[^@ ]+@[^@ ]+$|^domain:[^@: ]+$", member))])
    error_message = "console.members: set whom IAP lets in, such as user:ada@example.com, group:api-team@example.com or domain:example.com. The console is for nobody else."
  }
  validation {
    condition     = var.console == null ? true : length(concat(var.console.viewers, var.console.operators, var.console.admins)) > 0
    error_message = "console: name somebody in viewers, operators or admins. Without a role nobody sees anything."
  }
  validation {
    condition     = var.console == null ? true : alltrue([for email in concat([for viewer in var.console.viewers : viewer if !startswith(viewer, "domain:")], var.console.operators, var.console.admins) : can(regex("^[^@:, ]+@[^@:, ]+$", email))])
    error_message = "console: set viewers, operators and admins to emails. IAP's tokens name no groups: let a group in by members, and list its people here."
  }
  validation {
    condition     = var.console == null ? true : alltrue([for viewer in var.console.viewers : can(regex("^domain:[a-zA-Z0-9.-]+\\.[a-zA-Z]{2,}$", viewer)) if startswith(viewer, "domain:")])
    error_message = "console.viewers: write a domain as domain:example.com."
  }
  validation {
    condition     = var.console == null ? true : var.console.max_instances >= 1 && var.console.min_instances >= 0 && var.console.min_instances <= var.console.max_instances
    error_message = "console: set max_instances to 1 or more, and min_instances to no more than that."
  }
  validation {
    condition     = var.console == null ? true : can(regex("^[0-9]+(Mi|Gi)$", var.console.memory))
    error_message = "console.memory: set memory such as 512Mi or 1Gi."
  }
  validation {
    condition     = var.console == null || var.console_image != null
    error_message = "console: it needs an image. Make one of dist/console as the README says, and set console_image."
  }
}

variable "console_image" {
  description = "The console's image, with its digest: REGION-docker.pkg.dev/PROJECT/REPOSITORY/NAME@sha256:…. A variable of its own, so that a pipeline can give it."
  type        = string
  default     = null

  validation {
    condition     = var.console_image == null ? true : can(regex("^[a-z0-9][a-z0-9._/:-]*@sha256:[0-9a-f]{64}$", var.console_image))
    error_message = "console_image: set an image with its digest (…@sha256:…). A tag may come to mean another image."
  }
}
