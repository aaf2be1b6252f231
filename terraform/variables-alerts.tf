variable "alerts" {
  description = <<-EOT
    notification_channels: ids of Cloud Monitoring channels (projects/P/notificationChannels/N). runbook_url: where
    docs/runbook.md is published, for links. freshness_minutes: alert if no run was completed for this long; more than
    the schedule's interval plus the longest run. oldest_message_minutes: alert if a sync message waits longer.
    failures_per_hour: alert if more people than this fail within an hour.
  EOT
  type = object({
    notification_channels  = optional(list(string), [])
    runbook_url            = optional(string)
    freshness_minutes      = optional(number, 120)
    oldest_message_minutes = optional(number, 60)
    failures_per_hour      = optional(number, 25)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.alerts.freshness_minutes >= 30 && var.alerts.freshness_minutes <= 1410 && floor(var.alerts.freshness_minutes) == var.alerts.freshness_minutes
    error_message = "alerts.freshness_minutes: set a whole number from 30 to 1410; Cloud Monitoring looks back 23.5 hours at most."
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
}
