locals {
  # Alerts on one entry of the log: at once, and with what the entry says. `section` is one of docs/runbook.md.
  log_alerts = {
    run_failed = {
      title    = "a run failed"
      severity = "ERROR"
      section  = "run-failed"
      says     = "The run ended without having looked at everyone, or its numbers do not add up. No destructive write was made on its word."
    }
    run_held = {
      title    = "a run is held"
      severity = "WARNING"
      section  = "run-held"
      says     = "More people would be deactivated or deleted than the limit allows. None was; everything else was done. Somebody has to approve it, or find out why."
    }
    person_held = {
      title    = "people are held"
      severity = "WARNING"
      section  = "people-held"
      says     = "Somebody is not synchronised until it is decided what to do with them."
    }
    apigee_denied = {
      title    = "Apigee refuses our calls"
      severity = "CRITICAL"
      section  = "apigee-denied"
      says     = "401 or 403 from Apigee: nothing is synchronised until the rights or credentials are mended."
    }
    message_rejected = {
      title    = "a message cannot be used"
      severity = "WARNING"
      section  = "message-rejected"
      says     = "A sync message or a Firestore event was not what it has to be. It was recorded and taken off."
    }
    settings_refused = {
      title    = "the state belongs to other settings"
      severity = "CRITICAL"
      section  = "settings-refused"
      says     = "The settings name another organisation, collection or database than the state was made with. Nothing is synchronised, everything is delivered again."
    }
  }

  event_counts = {
    people_failing = {
      title     = "people keep failing"
      severity  = "WARNING"
      section   = "people-failing"
      says      = "More people than usual could not be synchronised within an hour. Each is tried again by itself."
      event     = "person_failed"
      threshold = var.settings.failures_per_hour
      hours     = 1
    }
    unexpected_errors = {
      title     = "unexpected errors"
      severity  = "ERROR"
      section   = "unexpected-errors"
      says      = "Firestore, Pub/Sub or our own code failed again and again. Messages are delivered again until it passes."
      event     = "unexpected_error"
      threshold = 10
      hours     = 1
    }
    edits_missed = {
      title     = "portal edits are missed"
      severity  = "ERROR"
      section   = "push-failing"
      says      = "Runs find edits on the portal that no event had brought. The trigger is gone, or its events do not arrive."
      event     = "edit_missed"
      threshold = 2
      hours     = 23
    }
  }

  platform_alerts = {
    dead_letters = {
      title     = "dead letters"
      severity  = "CRITICAL"
      section   = "dead-letters"
      says      = "A sync message was given up after its last delivery and is kept. The run it belongs to stands still."
      filter    = "resource.type = \"pubsub_subscription\" AND metric.type = \"pubsub.googleapis.com/subscription/num_undelivered_messages\" AND resource.labels.subscription_id = one_of(${local.hold_names})"
      aligner   = "ALIGN_MAX"
      reducer   = "REDUCE_SUM"
      period    = 300
      threshold = 0
      duration  = 0
    }
    old_messages = {
      title     = "sync messages wait too long"
      severity  = "WARNING"
      section   = "old-messages"
      says      = "The oldest sync message has not been handled for a long time."
      filter    = "resource.type = \"pubsub_subscription\" AND metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND resource.labels.subscription_id = one_of(${local.work_names})"
      aligner   = "ALIGN_MAX"
      reducer   = "REDUCE_MAX"
      period    = 300
      threshold = var.settings.oldest_message_minutes * 60
      duration  = 300
    }
    old_edits = {
      title     = "portal edits wait too long"
      severity  = "ERROR"
      section   = "push-failing"
      says      = "An edit on the portal has been waiting for its push for a long time. Eventarc gives it up after a day; after that only a run brings it over."
      filter    = "resource.type = \"pubsub_subscription\" AND metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND ${local.trigger_pubsub}"
      aligner   = "ALIGN_MAX"
      reducer   = "REDUCE_MAX"
      period    = 300
      threshold = 900
      duration  = 300
    }
    push_failing = {
      title     = "portal edits do not reach Apigee"
      severity  = "ERROR"
      section   = "push-failing"
      says      = "The trigger function keeps giving events back. Eventarc tries for a day; after that only a run brings the edit over."
      filter    = "resource.type = \"cloud_run_revision\" AND metric.type = \"run.googleapis.com/request_count\" AND resource.labels.service_name = \"${var.services.push_portal_edit}\" AND metric.labels.response_code_class = one_of(\"4xx\", \"5xx\")"
      aligner   = "ALIGN_SUM"
      reducer   = "REDUCE_SUM"
      period    = 300
      threshold = 10
      duration  = 900
    }
  }

  # Eventarc's own subscription: its name has the function's in it.
  trigger_pubsub = "resource.labels.subscription_id = has_substring(\"${var.services.push_portal_edit}\")"

  work_names = join(", ", [for name in concat(var.subscriptions.work, var.pull == null ? [] : [var.pull.subscription]) : "\"${name}\""])
  hold_names = join(", ", [for name in concat(var.subscriptions.hold, var.pull == null ? [] : [var.pull.hold]) : "\"${name}\""])

  stale = {
    title    = "no completed run"
    severity = "CRITICAL"
    section  = "no-completed-run"
    says     = "No run was completed for ${var.settings.freshness_minutes} minutes. Portal edits still reach Apigee; edits made in Apigee reach the portal only where pull is on."
  }
  completed = "resource.type = \"cloud_run_revision\" AND metric.type = \"${local.metric_prefix}/run_completed\""

  everything = merge(local.log_alerts, local.event_counts, local.platform_alerts, local.pull_alerts, { stale = local.stale })
  documents = {
    for key, alert in local.everything : key => {
      subject = "${var.name}: ${alert.title}"
      content = "${alert.says}\n\nWhat to look at and what to do: docs/runbook.md, section \"${alert.section}\"."
      links   = var.settings.runbook_url == null ? [] : ["${var.settings.runbook_url}#${alert.section}"]
    }
  }
}

resource "google_monitoring_alert_policy" "log" {
  for_each = local.log_alerts

  project               = var.project
  display_name          = local.documents[each.key].subject
  severity              = each.value.severity
  combiner              = "OR"
  notification_channels = var.settings.notification_channels
  user_labels           = var.labels

  conditions {
    display_name = each.value.title

    condition_matched_log {
      filter           = "${local.our_log} AND jsonPayload.event=\"${each.key}\" AND ${local.no_dry_run}"
      label_extractors = { run = "EXTRACT(jsonPayload.runId)" }
    }
  }

  alert_strategy {
    auto_close = "86400s"

    notification_rate_limit {
      period = "3600s"
    }
  }

  documentation {
    subject = local.documents[each.key].subject
    content = "${local.documents[each.key].content}\n\nRun: $${log.extracted_label.run}"

    dynamic "links" {
      for_each = local.documents[each.key].links
      content {
        display_name = "Runbook"
        url          = links.value
      }
    }
  }
}

resource "google_monitoring_alert_policy" "event_count" {
  for_each = local.event_counts

  project               = var.project
  display_name          = local.documents[each.key].subject
  severity              = each.value.severity
  combiner              = "OR"
  notification_channels = var.settings.notification_channels
  user_labels           = var.labels

  conditions {
    display_name = each.value.title

    condition_threshold {
      filter          = "resource.type = \"cloud_run_revision\" AND metric.type = \"${local.metric_prefix}/${each.value.event}\""
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.threshold
      duration        = "0s"

      aggregations {
        alignment_period     = "${each.value.hours * 3600}s"
        per_series_aligner   = "ALIGN_SUM"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  alert_strategy {
    auto_close = "86400s"
  }

  documentation {
    subject = local.documents[each.key].subject
    content = local.documents[each.key].content

    dynamic "links" {
      for_each = local.documents[each.key].links
      content {
        display_name = "Runbook"
        url          = links.value
      }
    }
  }

  depends_on = [time_sleep.metrics]
}

resource "google_monitoring_alert_policy" "platform" {
  for_each = merge(local.platform_alerts, local.pull_alerts)

  project               = var.project
  display_name          = local.documents[each.key].subject
  severity              = each.value.severity
  combiner              = "OR"
  notification_channels = var.settings.notification_channels
  user_labels           = var.labels

  conditions {
    display_name = each.value.title

    condition_threshold {
      filter          = each.value.filter
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.threshold
      duration        = "${each.value.duration}s"

      aggregations {
        alignment_period     = "${each.value.period}s"
        per_series_aligner   = each.value.aligner
        cross_series_reducer = each.value.reducer
      }
    }
  }

  alert_strategy {
    auto_close = "86400s"
  }

  documentation {
    subject = local.documents[each.key].subject
    content = local.documents[each.key].content

    dynamic "links" {
      for_each = local.documents[each.key].links
      content {
        display_name = "Runbook"
        url          = links.value
      }
    }
  }
}

# A counter may stop, or go on with zeros: either condition is enough.
resource "google_monitoring_alert_policy" "stale" {
  project               = var.project
  display_name          = local.documents["stale"].subject
  severity              = local.stale.severity
  combiner              = "OR"
  notification_channels = var.settings.notification_channels
  user_labels           = var.labels

  conditions {
    display_name = "no data"

    condition_absent {
      filter   = local.completed
      duration = "${var.settings.freshness_minutes * 60}s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_SUM"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  conditions {
    display_name = "none completed"

    condition_threshold {
      filter          = local.completed
      comparison      = "COMPARISON_LT"
      threshold_value = 1
      duration        = "0s"

      aggregations {
        alignment_period     = "${var.settings.freshness_minutes * 60}s"
        per_series_aligner   = "ALIGN_SUM"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  alert_strategy {
    auto_close = "86400s"
  }

  documentation {
    subject = local.documents["stale"].subject
    content = local.documents["stale"].content

    dynamic "links" {
      for_each = local.documents["stale"].links
      content {
        display_name = "Runbook"
        url          = links.value
      }
    }
  }

  depends_on = [time_sleep.metrics]
}
