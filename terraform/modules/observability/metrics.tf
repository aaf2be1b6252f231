locals {
  # The events of the structured log, each a counter; labels: members of the entry to count apart.
  events = {
    person_changed      = { says = "People created or updated", labels = ["outcome"] }
    person_failed       = { says = "People that could not be synchronised", labels = [] }
    person_held         = { says = "People newly held", labels = ["situation"] }
    value_lost          = { says = "Values that gave way to a newer one", labels = [] }
    edit_missed         = { says = "Portal edits that no event had brought, found by a run", labels = [] }
    echo_skipped        = { says = "Portal events with nothing new", labels = [] }
    person_told         = { says = "People told of an account that was made for them", labels = [] }
    push_completed      = { says = "Portal edits handled", labels = [] }
    push_postponed      = { says = "Portal edits that are delivered again", labels = [] }
    pull_completed      = { says = "Edits in Apigee brought to the portal", labels = [] }
    pull_skipped        = { says = "Audit log entries with nothing new", labels = [] }
    pull_postponed      = { says = "Edits in Apigee that are delivered again", labels = [] }
    pull_handed_over    = { says = "Times that many edits in Apigee were left to a run", labels = [] }
    pull_unreadable     = { says = "Audit log entries of a shape that is not known", labels = [] }
    pull_unavailable    = { says = "Times that Edge had no audit history, or gave none", labels = [] }
    run_requested       = { says = "Runs requested", labels = ["mode"] }
    run_skipped         = { says = "Scheduled runs skipped because another one was active", labels = ["mode"] }
    run_started         = { says = "Runs started", labels = [] }
    run_phase           = { says = "Phases of runs completed", labels = ["phase"] }
    run_resumed         = { says = "Runs that stood still and were set going again", labels = ["phase"] }
    listing_walked_anew = { says = "Listings of developers that were walked because their ranges did not show everybody", labels = ["phase"] }
    run_completed       = { says = "Runs completed", labels = ["mode"] }
    run_held            = { says = "Runs held for approval", labels = ["mode"] }
    run_failed          = { says = "Runs failed", labels = ["mode"] }
    run_rejected        = { says = "Held runs that an operator rejected", labels = [] }
    batch_completed     = { says = "Batches completed", labels = ["phase"] }
    message_rejected    = { says = "Messages and events that cannot be used", labels = [] }
    writes_stopped      = { says = "Times that an operator stopped every write", labels = [] }
    writes_resumed      = { says = "Times that an operator let writes go on", labels = [] }
    settings_refused    = { says = "Messages and events given back because the state belongs to other settings", labels = [] }
    apigee_denied       = { says = "Calls that Apigee refused us the right to make", labels = [] }
    apigee_unavailable  = { says = "Calls that Apigee did not answer", labels = [] }
    apigee_answers      = { says = "Times that Apigee answers again", labels = [] }
    console_denied      = { says = "Requests to the console that were turned away", labels = [] }
    unexpected_error    = { says = "Errors nobody expected", labels = [] }
  }

  run_ended = "(\"run_completed\" OR \"run_held\" OR \"run_failed\")"
  people    = ["seen", "unchanged", "held", "failed", "created.apigee", "created.portal", "updated.apigee", "updated.portal"]
  calls     = ["list", "get", "create", "update", "status", "delete"]

  # Numbers in entries, each a distribution.
  distributions = merge(
    {
      run_duration   = { says = "How long a run took", event = "\"run_completed\"", field = "durationMs", unit = "ms" }
      batch_duration = { says = "How long a batch took", event = "\"batch_completed\"", field = "durationMs", unit = "ms" }
      push_latency   = { says = "From an edit on the portal to its end in Apigee", event = "\"push_completed\"", field = "sinceEditMs", unit = "ms" }
      pull_delay     = { says = "From an edit in Apigee until it was on the portal", event = "\"pull_completed\"", field = "delayMs", unit = "ms" }
      push_duration  = { says = "How long a portal edit took to handle", event = "\"push_completed\"", field = "durationMs", unit = "ms" }
    },
    { for count in local.people : "run_people_${replace(count, ".", "_")}" => { says = "People of a run: ${count}", event = local.run_ended, field = "counts.${count}", unit = "1" } },
    { for call in local.calls : "run_calls_${call}" => { says = "Apigee calls of a run: ${call}", event = local.run_ended, field = "calls.${call}", unit = "1" } },
  )

  metric_prefix = "logging.googleapis.com/user/${var.name}"
  service_names = join(" OR ", [for service in concat(values(var.services), var.console == null ? [] : [var.console], var.pull == null ? [] : [var.pull.service]) : "\"${service}\""])
  our_log       = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=(${local.service_names})"
  # A dry run changes nothing and proves no freshness.
  no_dry_run = "NOT jsonPayload.dryRun=true"
}

resource "google_logging_metric" "event" {
  for_each = local.events

  project     = var.project
  name        = "${var.name}/${each.key}"
  description = each.value.says
  filter      = "${local.our_log} AND jsonPayload.event=\"${each.key}\" AND ${local.no_dry_run}"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"

    dynamic "labels" {
      for_each = each.value.labels
      content {
        key        = labels.value
        value_type = "STRING"
      }
    }
  }

  label_extractors = { for label in each.value.labels : label => "EXTRACT(jsonPayload.${label})" }
}

resource "google_logging_metric" "distribution" {
  for_each = local.distributions

  project         = var.project
  name            = "${var.name}/${each.key}"
  description     = each.value.says
  filter          = "${local.our_log} AND jsonPayload.event=${each.value.event} AND ${local.no_dry_run}"
  value_extractor = "EXTRACT(jsonPayload.${each.value.field})"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
    unit        = each.value.unit
  }

  bucket_options {
    exponential_buckets {
      growth_factor      = 2
      num_finite_buckets = 30
      scale              = 1
    }
  }
}

# Cloud Monitoring may take ten minutes to know a new metric, and refuses alerts on one it does not know.
resource "time_sleep" "metrics" {
  create_duration = "600s"
  triggers = {
    events        = sha256(join(" ", values(google_logging_metric.event)[*].id))
    distributions = sha256(join(" ", values(google_logging_metric.distribution)[*].id))
  }
}
