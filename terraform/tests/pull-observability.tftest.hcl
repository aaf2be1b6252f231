# Alerts about edits in Apigee that do not reach the portal.
mock_provider "google" {}
mock_provider "time" {}

variables {
  project  = "my-portal"
  name     = "developer-sync"
  database = "(default)"
  labels   = {}
  settings = {
    notification_channels  = ["projects/my-portal/notificationChannels/1"]
    runbook_url            = "https://example.com/runbook"
    freshness_minutes      = 120
    oldest_message_minutes = 60
    failures_per_hour      = 25
    slo                    = { edit_seconds = 60, edits_goal = 0.99, runs_goal = 0.995 }
  }
  services      = { fan_out = "f", reconcile_batch = "r", push_portal_edit = "p" }
  subscriptions = { work = ["requests-push", "batches-push"], hold = ["requests-hold", "batches-hold"] }
}

run "log" {
  module {
    source = "./modules/observability"
  }
  variables {
    pull = { service = "pull", subscription = "audit-push", hold = "audit-hold", sink = "my-sink" }
  }
  assert {
    condition     = toset([for key in keys(google_monitoring_alert_policy.platform) : key if contains(["old_entries", "pull_failing", "unreadable_entries", "sink_stopped", "audits_unavailable"], key)]) == toset(["old_entries", "pull_failing", "unreadable_entries", "sink_stopped"])
    error_message = "Where there is a sink, one alert looks at it."
  }
  assert {
    condition     = google_monitoring_alert_policy.platform["old_entries"].conditions[0].condition_threshold[0].threshold_value == 600 && strcontains(google_monitoring_alert_policy.platform["old_entries"].conditions[0].condition_threshold[0].filter, "\"audit-push\"")
    error_message = "Entries older than ten minutes are told of."
  }
  assert {
    condition     = strcontains(google_monitoring_alert_policy.platform["sink_stopped"].conditions[0].condition_threshold[0].filter, "resource.labels.name = \"my-sink\"") && strcontains(google_monitoring_alert_policy.platform["sink_stopped"].conditions[0].condition_threshold[0].filter, "exports/error_count")
    error_message = "A sink that cannot publish is told of."
  }
  assert {
    condition     = strcontains(google_monitoring_alert_policy.platform["dead_letters"].conditions[0].condition_threshold[0].filter, "\"audit-hold\"") && strcontains(google_logging_metric.event["pull_completed"].filter, "\"pull\"")
    error_message = "Its dead letters and its log count like everybody's."
  }
  assert {
    condition     = google_logging_metric.distribution["pull_delay"].value_extractor == "EXTRACT(jsonPayload.delayMs)" && strcontains(google_monitoring_dashboard.this.dashboard_json, "From the edit in Apigee to the portal")
    error_message = "The dashboard shows how long an edit takes."
  }
}

run "poll" {
  module {
    source = "./modules/observability"
  }
  variables {
    pull = { service = "pull", subscription = "audit-push", hold = "audit-hold", sink = null }
  }
  assert {
    condition     = contains(keys(google_monitoring_alert_policy.platform), "audits_unavailable") && !contains(keys(google_monitoring_alert_policy.platform), "sink_stopped")
    error_message = "On Edge the alert is about its history."
  }
}

run "off" {
  module {
    source = "./modules/observability"
  }
  assert {
    condition     = length([for key in keys(google_monitoring_alert_policy.platform) : key if strcontains(key, "entries") || strcontains(key, "pull") || strcontains(key, "sink") || strcontains(key, "audits")]) == 0
    error_message = "Where pull is off nothing is said of it."
  }
}
