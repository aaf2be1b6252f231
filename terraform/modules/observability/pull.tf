# Alerts about edits in Apigee that do not reach the portal in time. Runs bring them over all the same.
locals {
  pull        = var.pull == null ? { service = "", subscription = "", hold = "", sink = null } : var.pull
  pull_alerts = { for key, alert in local.pull_events : key => alert if var.pull != null && lookup({ sink_stopped = local.pull.sink != null, audits_unavailable = local.pull.sink == null }, key, true) }
  pull_events = {
    old_entries = {
      title     = "edits in Apigee wait too long"
      severity  = "WARNING"
      section   = "old-entries"
      says      = "The oldest entry of Apigee's audit log has waited for more than ten minutes. The next run brings its edit to the portal all the same."
      filter    = "resource.type = \"pubsub_subscription\" AND metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND resource.labels.subscription_id = \"${local.pull.subscription}\""
      aligner   = "ALIGN_MAX"
      reducer   = "REDUCE_MAX"
      period    = 60
      threshold = 600
      duration  = 60
    }
    pull_failing = {
      title     = "edits in Apigee do not reach the portal"
      severity  = "ERROR"
      section   = "old-entries"
      says      = "The function that brings edits in Apigee to the portal keeps giving entries back."
      filter    = "resource.type = \"cloud_run_revision\" AND metric.type = \"run.googleapis.com/request_count\" AND resource.labels.service_name = \"${local.pull.service}\" AND metric.labels.response_code_class = one_of(\"4xx\", \"5xx\")"
      aligner   = "ALIGN_SUM"
      reducer   = "REDUCE_SUM"
      period    = 300
      threshold = 20
      duration  = 900
    }
    unreadable_entries = {
      title     = "audit log entries are not understood"
      severity  = "WARNING"
      section   = "audit-entries-not-understood"
      says      = "Entries about developers have a shape that is not known. Each was acknowledged; the next run brings its edit over."
      filter    = "resource.type = \"cloud_run_revision\" AND metric.type = \"${local.metric_prefix}/pull_unreadable\""
      aligner   = "ALIGN_SUM"
      reducer   = "REDUCE_SUM"
      period    = 3600
      threshold = 0
      duration  = 0
    }
    audits_unavailable = {
      title     = "Edge tells of no edits"
      severity  = "WARNING"
      section   = "the-sink-stopped"
      says      = "Edge's audit history is not there, or gave no answer. Edits made there come with the runs."
      filter    = "resource.type = \"cloud_run_revision\" AND metric.type = \"${local.metric_prefix}/pull_unavailable\""
      aligner   = "ALIGN_SUM"
      reducer   = "REDUCE_SUM"
      period    = 3600
      threshold = 0
      duration  = 0
    }
    # The metric is the sink's project's, Apigee's: it is seen here where that is this one, or in its metrics scope.
    sink_stopped = {
      title     = "the log sink cannot publish"
      severity  = "ERROR"
      section   = "the-sink-stopped"
      says      = "Cloud Logging could not publish entries of Apigee's audit log, and has dropped them. Edits made in Apigee come with the runs until it can."
      filter    = "resource.type = \"logging_sink\" AND metric.type = \"logging.googleapis.com/exports/error_count\" AND resource.labels.name = \"${coalesce(local.pull.sink, "none")}\""
      aligner   = "ALIGN_SUM"
      reducer   = "REDUCE_SUM"
      period    = 300
      threshold = 0
      duration  = 0
    }
  }
}
