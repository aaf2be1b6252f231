locals {
  schedules = {
    incremental = var.schedule.incremental
    full        = var.schedule.full
  }
}

resource "google_cloud_scheduler_job" "sync" {
  for_each = local.schedules

  project     = local.project
  region      = coalesce(var.schedule.region, var.region)
  name        = "${var.name}-${each.key}"
  description = "Requests a run (${each.key}) of ${var.name}."
  schedule    = each.value
  time_zone   = var.schedule.time_zone
  paused      = var.schedule.paused

  # An attempt deadline must not be set: Pub/Sub targets have none, and it would differ at every plan.
  pubsub_target {
    topic_name = module.requests.topic_id
    # The attribute makes two deliveries within a minute one run.
    attributes = { schedule = each.key }
    data       = base64encode("{\"mode\":\"${each.key}\",\"dryRun\":false,\"reason\":\"schedule\"}")
  }

  retry_config {
    retry_count = 3
  }

  # Pausing and resuming belongs to whoever runs it.
  lifecycle {
    ignore_changes = [paused]
  }
}
