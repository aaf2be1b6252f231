locals {
  run_filter    = "resource.type = \"cloud_run_revision\""
  pubsub_filter = "resource.type = \"pubsub_subscription\""
  ours_run      = "resource.labels.service_name = one_of(${join(", ", [for service in values(var.services) : "\"${service}\""])})"
  ours_pubsub   = "resource.labels.subscription_id = one_of(${local.work_names}, ${local.hold_names})"
  ours_database = "resource.labels.database_id = \"${var.database}\""

  # Sections from top to bottom, each a row of charts; a chart's lines: metric, how to align and reduce, what to split by.
  sections = [
    {
      title = "Freshness"
      charts = [
        { title = "Runs completed, held and failed (per hour)", lines = [for event in ["run_completed", "run_held", "run_failed"] : { legend = event, filter = "${local.run_filter} AND metric.type = \"${local.metric_prefix}/${event}\"", aligner = "ALIGN_SUM", reducer = "REDUCE_SUM", by = [], period = 3600 }] },
        { title = "Duration of a run (ms)", lines = [{ legend = "mean", filter = "${local.run_filter} AND metric.type = \"${local.metric_prefix}/run_duration\"", aligner = "ALIGN_DELTA", reducer = "REDUCE_MEAN", by = [], period = 3600 }] },
      ]
    },
    {
      title = "Throughput"
      charts = [
        { title = "People of a run", lines = [for count in local.people : { legend = count, filter = "${local.run_filter} AND metric.type = \"${local.metric_prefix}/run_people_${replace(count, ".", "_")}\"", aligner = "ALIGN_DELTA", reducer = "REDUCE_MEAN", by = [], period = 3600 }] },
        { title = "People failed and newly held", lines = [for event in ["person_failed", "person_held"] : { legend = event, filter = "${local.run_filter} AND metric.type = \"${local.metric_prefix}/${event}\"", aligner = "ALIGN_SUM", reducer = "REDUCE_SUM", by = [], period = 3600 }] },
        { title = "Duration of a batch (ms), 95th percentile", lines = [{ legend = "p95", filter = "${local.run_filter} AND metric.type = \"${local.metric_prefix}/batch_duration\"", aligner = "ALIGN_PERCENTILE_95", reducer = "REDUCE_MAX", by = [], period = 300 }] },
      ]
    },
    {
      title = "Real time: portal to Apigee"
      charts = [
        { title = "Edits handled, and events with nothing new", lines = [for event in ["push_completed", "echo_skipped", "edit_missed"] : { legend = event, filter = "${local.run_filter} AND metric.type = \"${local.metric_prefix}/${event}\"", aligner = "ALIGN_SUM", reducer = "REDUCE_SUM", by = [], period = 300 }] },
        { title = "From an edit on the portal to Apigee (ms)", lines = [for percentile in ["50", "95"] : { legend = "p${percentile}", filter = "${local.run_filter} AND metric.type = \"${local.metric_prefix}/push_latency\"", aligner = "ALIGN_PERCENTILE_${percentile}", reducer = "REDUCE_MAX", by = [], period = 300 }] },
        { title = "Answers of the trigger function", lines = [{ legend = "$${metric.labels.response_code_class}", filter = "${local.run_filter} AND metric.type = \"run.googleapis.com/request_count\" AND resource.labels.service_name = \"${var.services.push_portal_edit}\"", aligner = "ALIGN_SUM", reducer = "REDUCE_SUM", by = ["metric.label.response_code_class"], period = 300 }] },
      ]
    },
    {
      title = "Real time: Apigee to portal"
      charts = [
        { title = "Edits brought over, entries with nothing new, and what waits", lines = [for event in ["pull_completed", "pull_skipped", "pull_postponed", "pull_handed_over", "pull_unreadable"] : { legend = event, filter = "${local.run_filter} AND metric.type = \"${local.metric_prefix}/${event}\"", aligner = "ALIGN_SUM", reducer = "REDUCE_SUM", by = [], period = 300 }] },
        { title = "From the edit in Apigee to the portal (ms)", lines = [for percentile in ["50", "95"] : { legend = "p${percentile}", filter = "${local.run_filter} AND metric.type = \"${local.metric_prefix}/pull_delay\"", aligner = "ALIGN_PERCENTILE_${percentile}", reducer = "REDUCE_MAX", by = [], period = 300 }] },
      ]
    },
    {
      title = "Queues"
      charts = [
        { title = "Messages waiting, and dead letters", lines = [{ legend = "$${resource.labels.subscription_id}", filter = "${local.pubsub_filter} AND metric.type = \"pubsub.googleapis.com/subscription/num_undelivered_messages\" AND ${local.ours_pubsub}", aligner = "ALIGN_MAX", reducer = "REDUCE_SUM", by = ["resource.label.subscription_id"], period = 60 }] },
        { title = "Age of the oldest message (s)", lines = [{ legend = "$${resource.labels.subscription_id}", filter = "${local.pubsub_filter} AND metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND ${local.ours_pubsub}", aligner = "ALIGN_MAX", reducer = "REDUCE_MAX", by = ["resource.label.subscription_id"], period = 60 }] },
        { title = "Age of the oldest portal edit that waits (s)", lines = [{ legend = "edit", filter = "${local.pubsub_filter} AND metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND ${local.trigger_pubsub}", aligner = "ALIGN_MAX", reducer = "REDUCE_MAX", by = [], period = 60 }] },
      ]
    },
    {
      title = "Apigee"
      charts = [
        { title = "Calls of a run", lines = [for call in local.calls : { legend = call, filter = "${local.run_filter} AND metric.type = \"${local.metric_prefix}/run_calls_${call}\"", aligner = "ALIGN_DELTA", reducer = "REDUCE_MEAN", by = [], period = 3600 }] },
        { title = "Refused and unanswered", lines = [for event in ["apigee_denied", "apigee_unavailable"] : { legend = event, filter = "${local.run_filter} AND metric.type = \"${local.metric_prefix}/${event}\"", aligner = "ALIGN_SUM", reducer = "REDUCE_SUM", by = [], period = 300 }] },
      ]
    },
    {
      title = "Cost and limits"
      charts = [
        { title = "Firestore documents of the whole database", lines = [for operation in ["read", "write", "delete"] : { legend = operation, filter = "resource.type = \"firestore.googleapis.com/Database\" AND metric.type = \"firestore.googleapis.com/document/${operation}_ops_count\" AND ${local.ours_database}", aligner = "ALIGN_SUM", reducer = "REDUCE_SUM", by = [], period = 3600 }] },
        { title = "Instances", lines = [{ legend = "$${resource.labels.service_name}", filter = "${local.run_filter} AND metric.type = \"run.googleapis.com/container/instance_count\" AND ${local.ours_run}", aligner = "ALIGN_MAX", reducer = "REDUCE_SUM", by = ["resource.label.service_name"], period = 60 }] },
        { title = "Billed instance time (s per s)", lines = [{ legend = "$${resource.labels.service_name}", filter = "${local.run_filter} AND metric.type = \"run.googleapis.com/container/billable_instance_time\" AND ${local.ours_run}", aligner = "ALIGN_RATE", reducer = "REDUCE_SUM", by = ["resource.label.service_name"], period = 300 }] },
      ]
    },
  ]

  columns        = 48
  header_height  = 4
  chart_height   = 14
  section_height = local.header_height + local.chart_height

  log_query = urlencode("${local.our_log}\nseverity>=WARNING")
  links = join("\n\n", compact([
    "[Warnings and errors in the log](https://console.cloud.google.com/logs/query;query=${local.log_query}?project=${var.project})",
    "Everything about one run: add `jsonPayload.runId=\"…\"` to that query.",
    var.settings.runbook_url == null ? "What to do about an alert: `docs/runbook.md`." : "[What to do about an alert](${var.settings.runbook_url})",
  ]))

  headers = [
    for row, section in local.sections : {
      xPos   = 0
      yPos   = row * local.section_height
      width  = local.columns
      height = local.header_height
      widget = { title = section.title, sectionHeader = { dividerBelow = true } }
    }
  ]

  charts = flatten([
    for row, section in local.sections : [
      for column, chart in section.charts : {
        xPos   = column * floor(local.columns / length(section.charts))
        yPos   = row * local.section_height + local.header_height
        width  = floor(local.columns / length(section.charts))
        height = local.chart_height
        widget = {
          title = chart.title
          xyChart = {
            dataSets = [
              for line in chart.lines : {
                plotType       = "LINE"
                targetAxis     = "Y1"
                legendTemplate = line.legend
                timeSeriesQuery = {
                  timeSeriesFilter = {
                    filter = line.filter
                    aggregation = { for name, value in {
                      alignmentPeriod    = "${line.period}s"
                      perSeriesAligner   = line.aligner
                      crossSeriesReducer = line.reducer
                      groupByFields      = line.by
                    } : name => value if length(flatten([value])) > 0 }
                  }
                }
              }
            ]
          }
        }
      }
    ]
  ])

  footer = {
    xPos   = 0
    yPos   = length(local.sections) * local.section_height
    width  = local.columns
    height = 8
    widget = { title = "Further", text = { format = "MARKDOWN", content = local.links } }
  }
}

# Cloud Monitoring answers without members that are zero or empty, and every plan would want to set them.
resource "google_monitoring_dashboard" "this" {
  project = var.project
  dashboard_json = jsonencode({
    displayName  = "${var.name}: Apigee developers and portal users"
    labels       = { for label in keys(var.labels) : label => "" }
    mosaicLayout = { columns = local.columns, tiles = [for tile in concat(local.headers, local.charts, [local.footer]) : { for name, value in tile : name => value if value != 0 }] }
  })
}

output "dashboard_url" {
  description = "The dashboard in the console."
  value       = "https://console.cloud.google.com/monitoring/dashboards/builder/${basename(google_monitoring_dashboard.this.id)}?project=${var.project}"
}
