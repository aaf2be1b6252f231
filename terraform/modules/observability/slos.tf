# What is promised, and how fast the rest of a promise may be used up before somebody is told.
locals {
  # goal: of the last 28 days.
  slos = {
    edits = {
      title = "portal edits are in Apigee within ${var.settings.slo.edit_seconds} s"
      goal  = var.settings.slo.edits_goal
    }
    runs = {
      title = "a run was completed within ${var.settings.freshness_minutes} minutes"
      goal  = var.settings.slo.runs_goal
    }
  }

  # Told at once where what may go wrong in 28 days would be used up within two, later where it would last for ten. A run
  # that is missing for once has an alert of its own.
  slo_alerts = {
    edits_fast = { slo = "edits", severity = "CRITICAL", lookback = "3600s", rate = 14.4, says = "so fast that it is used up within two days" }
    edits_slow = { slo = "edits", severity = "WARNING", lookback = "21600s", rate = 3, says = "so fast that it is used up within ten days" }
    runs_slow  = { slo = "runs", severity = "WARNING", lookback = "86400s", rate = 3, says = "so fast that it is used up within ten days" }
  }
  slo_names = { edits = google_monitoring_slo.edits.name, runs = google_monitoring_slo.runs.name }
}

resource "google_monitoring_custom_service" "this" {
  project      = var.project
  service_id   = var.name
  display_name = "${var.name}: Apigee developers and portal users"
  user_labels  = var.labels
}

resource "google_monitoring_slo" "edits" {
  project             = var.project
  service             = google_monitoring_custom_service.this.service_id
  slo_id              = "edits"
  display_name        = local.slos.edits.title
  goal                = local.slos.edits.goal
  rolling_period_days = 28
  user_labels         = var.labels

  request_based_sli {
    distribution_cut {
      distribution_filter = "resource.type = \"cloud_run_revision\" AND metric.type = \"${local.metric_prefix}/push_latency\""
      range {
        max = var.settings.slo.edit_seconds * 1000
      }
    }
  }

  depends_on = [time_sleep.metrics]
}

resource "google_monitoring_slo" "runs" {
  project             = var.project
  service             = google_monitoring_custom_service.this.service_id
  slo_id              = "runs"
  display_name        = local.slos.runs.title
  goal                = local.slos.runs.goal
  rolling_period_days = 28
  user_labels         = var.labels

  windows_based_sli {
    window_period = "${var.settings.freshness_minutes * 60}s"
    metric_sum_in_range {
      time_series = local.completed
      range {
        min = 1
      }
    }
  }

  depends_on = [time_sleep.metrics]
}

resource "google_monitoring_alert_policy" "slo" {
  for_each = local.slo_alerts

  project               = var.project
  display_name          = "${var.name}: a promise is being broken (${replace(each.key, "_", ", ")})"
  severity              = each.value.severity
  combiner              = "OR"
  notification_channels = var.settings.notification_channels
  user_labels           = var.labels

  conditions {
    display_name = local.slos[each.value.slo].title

    condition_threshold {
      filter          = "select_slo_burn_rate(\"${local.slo_names[each.value.slo]}\", \"${each.value.lookback}\")"
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.rate
      duration        = "0s"
    }
  }

  alert_strategy {
    auto_close = "86400s"
  }

  documentation {
    subject = "${var.name}: a promise is being broken"
    content = "Promised: ${local.slos[each.value.slo].title}. What may go wrong of it is going ${each.value.says}.\n\nWhat to look at and what to do: docs/runbook.md, section \"promises\"."

    dynamic "links" {
      for_each = var.settings.runbook_url == null ? [] : ["${var.settings.runbook_url}#promises"]
      content {
        display_name = "Runbook"
        url          = links.value
      }
    }
  }
}
