variable "project" {
  description = "Id of the project in which the portal's Firestore database lives and the synchronisation is deployed."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "project: set the id of a project (6 to 30 lower-case letters, digits and hyphens), not its name or number."
  }
}

variable "region" {
  description = "Region of the functions and of the scheduler jobs, such as europe-west1. Best where the database is."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region: set a region such as europe-west1. A multi-region (nam5, eur3) is for firestore.location only."
  }
}

variable "name" {
  description = "Begins the name of everything made here. devsync expects the default; change it for a second installation."
  type        = string
  default     = "developer-sync"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,16}[a-z0-9]$", var.name))
    error_message = "name: set 3 to 18 lower-case letters, digits and hyphens, a letter first and no hyphen last."
  }
}

variable "labels" {
  description = "Labels of every resource that can have some."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "apigee" {
  description = <<-EOT
    The Apigee organisation. type: x, hybrid or edge. endpoint: base URL without /v1, for regional hosts.
    project: where the roles on X and hybrid are granted; the organisation's name unless set.
    calls_per_minute: budget of all instances together, the console's too: whoever works takes what there is (60 to
    6,000, Apigee's limit, which is shared with everyone).
    predefined_role: grant roles/apigee.developerAdmin instead of the custom roles made here.
  EOT
  type = object({
    org              = string
    type             = optional(string, "x")
    endpoint         = optional(string)
    project          = optional(string)
    calls_per_minute = optional(number, 3000)
    predefined_role  = optional(bool, false)
  })
  nullable = false

  validation {
    condition     = can(regex("(?i)^[a-z0-9][a-z0-9._-]{0,254}$", var.apigee.org))
    error_message = "apigee.org: set the name of an Apigee organisation."
  }
  validation {
    condition     = contains(["x", "hybrid", "edge"], var.apigee.type)
    error_message = "apigee.type: set x, hybrid or edge."
  }
  validation {
    condition     = var.apigee.endpoint == null ? true : can(regex("^https://[^/?#@]+(/[^?#@]*)?$", var.apigee.endpoint)) && !can(regex("/v1/*$", var.apigee.endpoint))
    error_message = "apigee.endpoint: set a base URL such as https://eu-apigee.googleapis.com, with https, without /v1 and without a user name."
  }
  validation {
    condition     = var.apigee.calls_per_minute >= 60 && floor(var.apigee.calls_per_minute) == var.apigee.calls_per_minute && (var.apigee.type == "edge" || var.apigee.calls_per_minute <= 6000)
    error_message = "apigee.calls_per_minute: set a whole number from 60 to 6000, the limit of an organisation on X and hybrid."
  }
}

variable "firestore" {
  description = <<-EOT
    The portal's database. location: where it is (a region, or nam5 or eur3); the trigger has to be there too.
    create_database: make it here, with delete protection and point-in-time recovery. backup_days: a backup of the whole
    database every day, kept for so long; 0 makes none, where somebody else sees to them.
  EOT
  type = object({
    location        = string
    database        = optional(string, "(default)")
    create_database = optional(bool, false)
    backup_days     = optional(number, 0)
  })
  nullable = false

  validation {
    condition     = can(regex("^[a-z]+(-[a-z]+)?[0-9]+$", var.firestore.location))
    error_message = "firestore.location: set the location of the database, such as europe-west1, nam5 or eur3."
  }
  validation {
    condition     = var.firestore.database == "(default)" || can(regex("^[a-z][a-z0-9-]{2,61}[a-z0-9]$", var.firestore.database))
    error_message = "firestore.database: set (default), or the id of a database."
  }
  validation {
    condition     = var.firestore.backup_days >= 0 && var.firestore.backup_days <= 98 && floor(var.firestore.backup_days) == var.firestore.backup_days
    error_message = "firestore.backup_days: set a whole number of days from 0 to 98, the longest that Firestore keeps a backup."
  }
}

variable "portal" {
  description = <<-EOT
    The portal users. collection: id or path of their collection. mapping: which field holds what, an object or its JSON;
    what it leaves out keeps its default. filter: regular expression (RE2's) on the canonical email; people outside
    behave as if absent on both sides. select: conditions on the fields of a portal user, such as role == "developer".
    unselect: what becomes of who is no longer selected, keep or deactivate. mail: how people are told whom Apigee brought to
    the portal: the collection that the mail extension watches, and a template, an object or its JSON.
  EOT
  type = object({
    collection = optional(string, "portalUsers")
    mapping    = optional(any)
    filter     = optional(string)
    select     = optional(string)
    unselect   = optional(string, "keep")
    mail       = optional(object({ collection = string, template = any }))
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^[^/]{1,200}(/[^/]{1,200}/[^/]{1,200})*$", var.portal.collection)) && !can(regex("[{}*]", var.portal.collection))
    error_message = "portal.collection: set the id of a collection, or a path of ids (collection/document/collection)."
  }
  validation {
    condition     = var.portal.mapping == null ? true : can(keys(var.portal.mapping)) || can(keys(jsondecode(var.portal.mapping)))
    error_message = "portal.mapping: set an object such as { email = \"mail\" }, or the JSON of one. @file is for local use only."
  }
  validation {
    condition     = var.portal.filter != ""
    error_message = "portal.filter: set a regular expression such as @example\\.com$, or leave it out."
  }
  validation {
    condition     = var.portal.mail == null ? true : can(regex("^[^/]{1,200}(/[^/]{1,200}/[^/]{1,200})*$", var.portal.mail.collection)) && (can(keys(var.portal.mail.template)) || can(keys(jsondecode(var.portal.mail.template))))
    error_message = "portal.mail: set collection to the one that the mail extension watches, and template to an object such as { name = \"welcome\" }."
  }
  validation {
    condition     = var.portal.select != "" && contains(["keep", "deactivate"], var.portal.unselect)
    error_message = "portal.select: set conditions such as role == \"developer\", or leave it out. portal.unselect: set keep or deactivate."
  }
}

variable "state_prefix" {
  description = "Begins the names of our own Firestore collections."
  type        = string
  default     = "developerSync"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,100}$", var.state_prefix)) && !startswith(var.state_prefix, "__")
    error_message = "state_prefix: set letters, digits, _ and -, not beginning with __."
  }
}

variable "policies" {
  description = <<-EOT
    conflict: merge or newest-record. portal_delete: what happens to a developer whose portal user was deleted:
    deactivate, delete or keep. apigee_delete: what happens when a developer was deleted: recreate, hold, deactivate or
    delete (the last two act on the portal user). creation_limit: a run that would create more people than this, on both
    sides together, creates so many and is held. destructive_limit, destructive_limit_percent: a run that would
    deactivate or delete more than this is held. approval: which scheduled runs stop until an operator has looked at
    them: destructive (those over a limit), first-run (also the first one), always or none. forget_days: for so long it is remembered that somebody was deleted on
    both sides. undo_days: for so long it is kept what was changed for whom, with the values; 0 keeps nothing.
    undo_creations: the functions may delete developers without apps whom a run created, when that run is undone.
  EOT
  type = object({
    conflict                  = optional(string, "merge")
    portal_delete             = optional(string, "deactivate")
    apigee_delete             = optional(string, "recreate")
    destructive_limit         = optional(number, 50)
    destructive_limit_percent = optional(number, 5)
    creation_limit            = optional(number, 500)
    approval                  = optional(string, "destructive")
    forget_days               = optional(number, 400)
    undo_days                 = optional(number, 30)
    undo_creations            = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["merge", "newest-record"], var.policies.conflict)
    error_message = "policies.conflict: set merge or newest-record."
  }
  validation {
    condition     = contains(["deactivate", "delete", "keep"], var.policies.portal_delete)
    error_message = "policies.portal_delete: set deactivate, delete or keep."
  }
  validation {
    condition     = contains(["recreate", "hold", "deactivate", "delete"], var.policies.apigee_delete)
    error_message = "policies.apigee_delete: set recreate, hold, deactivate or delete."
  }
  validation {
    condition     = var.policies.destructive_limit >= 0 && floor(var.policies.destructive_limit) == var.policies.destructive_limit
    error_message = "policies.destructive_limit: set a whole number, 0 or more."
  }
  validation {
    condition     = var.policies.destructive_limit_percent >= 0 && var.policies.destructive_limit_percent <= 100 && floor(var.policies.destructive_limit_percent) == var.policies.destructive_limit_percent
    error_message = "policies.destructive_limit_percent: set a whole number from 0 to 100."
  }
  validation {
    condition     = var.policies.creation_limit >= 0 && floor(var.policies.creation_limit) == var.policies.creation_limit
    error_message = "policies.creation_limit: set a whole number of people."
  }
  validation {
    condition     = contains(["none", "first-run", "destructive", "always"], var.policies.approval)
    error_message = "policies.approval: set none, first-run, destructive or always."
  }
  validation {
    condition     = var.policies.forget_days >= 1 && var.policies.forget_days <= 36500 && floor(var.policies.forget_days) == var.policies.forget_days
    error_message = "policies.forget_days: set a whole number of days, 1 to 36500."
  }

  validation {
    condition     = var.policies.undo_days >= 0 && var.policies.undo_days <= 3650 && floor(var.policies.undo_days) == var.policies.undo_days
    error_message = "policies.undo_days: set a whole number of days, 0 to 3650."
  }
}

variable "schedule" {
  description = <<-EOT
    When runs are requested (cron). A scheduled run is skipped while another one is active, so let the two not begin in
    the same minute. paused: whether the jobs are made paused; later only devsync, gcloud or the console change that.
    region: of the jobs, where Cloud Scheduler does not exist in var.region.
  EOT
  type = object({
    incremental = optional(string, "*/15 * * * *")
    full        = optional(string, "37 3 * * *")
    time_zone   = optional(string, "Etc/UTC")
    paused      = optional(bool, false)
    region      = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for cron in [var.schedule.incremental, var.schedule.full] : length(split(" ", cron)) == 5])
    error_message = "schedule: set incremental and full to cron expressions of five fields, such as */15 * * * *."
  }
  validation {
    condition     = can(regex("^[A-Za-z]+(/[A-Za-z0-9_+-]+)*$", var.schedule.time_zone))
    error_message = "schedule.time_zone: set a name of the tz database, such as Etc/UTC or Europe/Berlin."
  }
}

variable "functions" {
  description = <<-EOT
    Size of each function. concurrency: requests an instance answers at once; more than one needs a whole CPU. The
    instances of all three share apigee.calls_per_minute: whoever works takes what there is.
  EOT
  type = object({
    fan_out = optional(object({
      max_instances = optional(number, 1)
      min_instances = optional(number, 0)
      concurrency   = optional(number, 8)
      cpu           = optional(number, 1)
      memory        = optional(string, "1Gi")
    }), {})
    reconcile_batch = optional(object({
      max_instances = optional(number, 5)
      min_instances = optional(number, 0)
      concurrency   = optional(number, 4)
      cpu           = optional(number, 1)
      memory        = optional(string, "1Gi")
    }), {})
    push_portal_edit = optional(object({
      max_instances = optional(number, 4)
      min_instances = optional(number, 0)
      concurrency   = optional(number, 10)
      cpu           = optional(number, 1)
      memory        = optional(string, "512Mi")
    }), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for f in values(var.functions) : f.max_instances >= 1 && f.min_instances >= 0 && f.min_instances <= f.max_instances])
    error_message = "functions: set max_instances to 1 or more, and min_instances to no more than that."
  }
  validation {
    condition     = alltrue([for f in values(var.functions) : f.concurrency >= 1 && f.concurrency <= 1000 && (f.concurrency == 1 || f.cpu >= 1)])
    error_message = "functions: set concurrency from 1 to 1000; more than 1 needs a cpu of 1 or more."
  }
  validation {
    condition     = alltrue([for f in values(var.functions) : can(regex("^[0-9]+(Mi|Gi)$", f.memory))])
    error_message = "functions: set memory such as 512Mi or 1Gi."
  }
}

variable "max_delivery_attempts" {
  description = "How often a sync message is delivered before it goes to the dead letters. Refusals of a busy function count."
  type        = number
  default     = 15
  nullable    = false

  validation {
    condition     = var.max_delivery_attempts >= 5 && var.max_delivery_attempts <= 100
    error_message = "max_delivery_attempts: set a number from 5 to 100."
  }
}

variable "ingress" {
  description = "Who may reach the functions at network level. IAM allows only Pub/Sub's and the trigger's service accounts in either case."
  type        = string
  default     = "ALLOW_INTERNAL_ONLY"
  nullable    = false

  validation {
    condition     = contains(["ALLOW_INTERNAL_ONLY", "ALLOW_ALL"], var.ingress)
    error_message = "ingress: set ALLOW_INTERNAL_ONLY, or ALLOW_ALL where a perimeter keeps Pub/Sub or Eventarc out."
  }
}

variable "source_archive" {
  description = "The built functions, as npm run build makes them; relative to where Terraform runs."
  type        = string
  default     = "../dist/functions.zip"
  nullable    = false

  validation {
    condition     = fileexists(var.source_archive)
    error_message = "source_archive: there is no such file. Make it with npm run build, or set the path of one."
  }
}
