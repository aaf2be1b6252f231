variable "pull" {
  description = <<-EOT
    How edits made in Apigee reach the portal within seconds. mode: audit-log (X, hybrid: a log sink in Apigee's project),
    audit-poll (Edge: its audit history is asked every minute), or off. create_sink: whether the sink is made here; where you
    may not touch Apigee's project, set it to false, have somebody run the command of the output pull_sink_command, and set
    sink_writer to the sink's writer identity (serviceAccount:…). max_instances: one keeps entries about one person together,
    and serves more than the call budget.
  EOT
  type = object({
    mode          = optional(string, "off")
    create_sink   = optional(bool, true)
    sink_writer   = optional(string)
    max_instances = optional(number, 1)
    min_instances = optional(number, 0)
    concurrency   = optional(number, 1000)
    memory        = optional(string, "512Mi")
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["audit-log", "audit-poll", "off"], var.pull.mode)
    error_message = "pull.mode: set audit-log (X, hybrid), audit-poll (Edge) or off."
  }
  validation {
    condition     = var.pull.mode == "off" || (var.pull.mode == "audit-poll") == (var.apigee.type == "edge")
    error_message = "pull.mode: X and hybrid tell of edits by audit-log, Edge by audit-poll."
  }
  validation {
    condition     = var.pull.sink_writer == null ? true : can(regex("^serviceAccount:[^@ ]+@[^@ ]+$", var.pull.sink_writer))
    error_message = "pull.sink_writer: set the sink's writer identity, serviceAccount:…@…, as gcloud logging sinks describe shows it."
  }
  validation {
    condition     = var.pull.max_instances >= 1 && var.pull.min_instances >= 0 && var.pull.min_instances <= var.pull.max_instances
    error_message = "pull: set max_instances to 1 or more, and min_instances to no more than that."
  }
  validation {
    condition     = var.pull.concurrency >= 1 && var.pull.concurrency <= 1000 && can(regex("^[0-9]+(Mi|Gi)$", var.pull.memory))
    error_message = "pull: set concurrency from 1 to 1000, and memory such as 512Mi or 1Gi."
  }
}
