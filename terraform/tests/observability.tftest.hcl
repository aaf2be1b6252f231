# Metrics, alerts and the dashboard.
mock_provider "google" {}

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

run "alerts" {
  module {
    source = "./modules/observability"
  }
  assert {
    condition = alltrue([
      for alert in concat(values(google_monitoring_alert_policy.log), values(google_monitoring_alert_policy.event_count), values(google_monitoring_alert_policy.platform), [google_monitoring_alert_policy.stale]) :
      startswith(alert.documentation[0].links[0].url, "https://example.com/runbook#") && strcontains(alert.documentation[0].content, "docs/runbook.md, section")
    ])
    error_message = "Every alert links its section of the runbook."
  }
  assert {
    condition = alltrue([
      for alert in concat(values(google_monitoring_alert_policy.log), values(google_monitoring_alert_policy.event_count), values(google_monitoring_alert_policy.platform), [google_monitoring_alert_policy.stale]) :
      alert.notification_channels == tolist(["projects/my-portal/notificationChannels/1"]) && contains(["CRITICAL", "ERROR", "WARNING"], alert.severity)
    ])
    error_message = "Every alert reaches the channels, with a severity."
  }
  assert {
    condition     = alltrue([for alert in values(google_monitoring_alert_policy.log) : length(alert.conditions) == 1 && alert.alert_strategy[0].notification_rate_limit[0].period == "3600s"])
    error_message = "An alert on the log has one condition and a rate limit, or it is refused."
  }
  assert {
    condition     = google_monitoring_alert_policy.stale.conditions[0].condition_absent[0].duration == "7200s" && google_monitoring_alert_policy.stale.conditions[1].condition_threshold[0].aggregations[0].alignment_period == "7200s"
    error_message = "Both conditions look back as far as freshness_minutes says."
  }
  assert {
    condition     = strcontains(google_monitoring_alert_policy.platform["dead_letters"].conditions[0].condition_threshold[0].filter, "one_of(\"requests-hold\", \"batches-hold\")") && google_monitoring_alert_policy.platform["dead_letters"].conditions[0].condition_threshold[0].threshold_value == 0
    error_message = "One dead letter is enough for an alert."
  }
  assert {
    condition     = alltrue([for metric in google_logging_metric.event : strcontains(metric.filter, "NOT jsonPayload.dryRun=true")])
    error_message = "Dry runs do not count."
  }
  assert {
    condition     = strcontains(google_monitoring_alert_policy.log["run_failed"].documentation[0].content, "$${log.extracted_label.run}")
    error_message = "An alert about a run names it."
  }
}

run "console" {
  variables {
    console = "c"
  }
  module {
    source = "./modules/observability"
  }
  assert {
    condition     = alltrue([for metric in google_logging_metric.event : strcontains(metric.filter, "service_name=(\"f\" OR \"p\" OR \"r\" OR \"c\")")])
    error_message = "What the console does is counted as well."
  }
}

run "dashboard" {
  module {
    source = "./modules/observability"
  }
  assert {
    condition = alltrue([
      for tile in jsondecode(google_monitoring_dashboard.this.dashboard_json).mosaicLayout.tiles :
      try(tile.xPos, 0) + tile.width <= jsondecode(google_monitoring_dashboard.this.dashboard_json).mosaicLayout.columns
    ])
    error_message = "No tile reaches over the edge."
  }
  assert {
    condition     = !can(regex(":(0|\\[\\]|\"\")[,}]", google_monitoring_dashboard.this.dashboard_json))
    error_message = "What Cloud Monitoring leaves out of its answers is not written: every plan would show it."
  }
  assert {
    condition     = [for tile in jsondecode(google_monitoring_dashboard.this.dashboard_json).mosaicLayout.tiles : tile.widget.title if can(tile.widget.sectionHeader)] == ["Freshness", "Throughput", "Real time: portal to Apigee", "Real time: Apigee to portal", "Queues", "Apigee", "Cost and limits"]
    error_message = "The dashboard goes from what matters first to what it costs."
  }
  assert {
    condition = alltrue(flatten([
      for tile in jsondecode(google_monitoring_dashboard.this.dashboard_json).mosaicLayout.tiles : [
        for set in try(tile.widget.xyChart.dataSets, []) : (
          !strcontains(set.timeSeriesQuery.timeSeriesFilter.filter, "logging.googleapis.com/user/")
          || anytrue([for metric in concat(values(google_logging_metric.event), values(google_logging_metric.distribution)) : strcontains(set.timeSeriesQuery.timeSeriesFilter.filter, "user/${metric.name}\"")])
        )
      ]
    ]))
    error_message = "Every chart of a log metric shows one that is made."
  }
}
