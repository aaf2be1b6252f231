variable "alerts" {
  description = <<-EOT
    notification_channels: ids of Cloud Monitoring channels (projects/P/notificationChannels/N). runbook_url: where
    docs/runbook.md is published, for links. freshness_minutes: alert if no run was completed for this long; more than
    the schedule's interval plus the longest run. oldest_message_minutes: alert if a sync message waits longer.
    failures_per_hour: alert if more people than this fail within an hour. slo: what is promised of 28 days: that this
    part of the portal's edits is in Apigee within edit_seconds, and that in this part of the time a run was completed
    within freshness_minutes.
  EOT
  type = object({
    notification_channels  = optional(list(string), [])
    runbook_url            = optional(string)
    freshness_minutes      = optional(number, 120)
    oldest_message_minutes = optional(number, 60)
    failures_per_hour      = optional(number, 25)
    slo = optional(object({
      edit_seconds = optional(number, 60)
      edits_goal   = optional(number, 0.99)
      runs_goal    = optional(number, 0.995)
    }), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.alerts.freshness_minutes >= 30 && var.alerts.freshness_minutes <= 1410 && 1440 % var.alerts.freshness_minutes == 0
    error_message = "alerts.freshness_minutes: set 30, 32, 36, 40, 45, 48, 60, 72, 80, 90, 96, 120, 144, 160, 180, 240, 288, 360, 480 or 720: a whole part of a day, of which Cloud Monitoring looks back 23.5 hours at most."
  }
  validation {
    condition     = alltrue([for channel in var.alerts.notification_channels : can(regex("^projects/[^/]+/notificationChannels/[0-9]+$", channel))])
    error_message = "alerts.notification_channels: set ids such as projects/my-project/notificationChannels/123."
  }
  validation {
    condition     = var.alerts.runbook_url == null ? true : can(regex("^https://[^#]+$", var.alerts.runbook_url))
    error_message = "alerts.runbook_url: set an https URL without a fragment."
  }
  validation {
    condition     = var.alerts.oldest_message_minutes >= 10 && var.alerts.failures_per_hour >= 0
    error_message = "alerts: set oldest_message_minutes to 10 or more, and failures_per_hour to 0 or more."
  }
  validation {
    condition     = var.alerts.slo.edit_seconds >= 1 && alltrue([for goal in [var.alerts.slo.edits_goal, var.alerts.slo.runs_goal] : goal > 0 && goal <= 0.9999])
    error_message = "alerts.slo: set edit_seconds to 1 or more, and the goals to parts of one such as 0.99, at most 0.9999."
  }
}
