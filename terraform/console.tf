locals {
  console_on   = var.console != null
  console_name = "${var.name}-console"

  console_apigee_read  = concat(local.apigee_read, ["apigee.developerapps.get", "apigee.developerapps.list"])
  console_apigee_write = ["apigee.developers.create", "apigee.developers.update", "apigee.developers.delete"]

  # What it is told besides what the functions are told. IAP's tokens for it are made for this audience and no other.
  console_values = local.console_on ? {
    CONSOLE_IAP_AUDIENCE      = "/projects/${data.google_project.this.number}/locations/${var.region}/services/${local.console_name}"
    CONSOLE_VIEWERS           = join(",", var.console.viewers)
    CONSOLE_OPERATORS         = join(",", var.console.operators)
    CONSOLE_ADMINS            = join(",", var.console.admins)
    CONSOLE_EDIT_DEVELOPERS   = tostring(var.console.edit_developers)
    CONSOLE_SCHEDULE_LOCATION = coalesce(var.schedule.region, var.region)
    CONSOLE_INCREMENTAL_JOB   = "${var.name}-incremental"
    CONSOLE_FULL_JOB          = "${var.name}-full"
  } : {}
  console_heap = local.console_on ? floor(tonumber(regex("^[0-9]+", var.console.memory)) * (endswith(var.console.memory, "Gi") ? 1024 : 1) / 2) : 0
  console_environment = merge(
    { for variable, value in local.environment : variable => value if variable != "LOG_EXECUTION_ID" },
    { for variable, value in local.console_values : variable => value if value != "" },
    # As for the functions: half of the memory is for JavaScript's lasting objects.
    { NODE_OPTIONS = "${local.environment["NODE_OPTIONS"]} --max-old-space-size=${local.console_heap} --max-semi-space-size=16" },
  )

  iap_agent = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-iap.iam.gserviceaccount.com"
}

resource "google_service_account" "console" {
  count = local.console_on ? 1 : 0

  project      = local.project
  account_id   = local.console_name
  display_name = "${var.name}: shows and does what operators ask for"
}

resource "google_cloud_run_v2_service" "console" {
  count = local.console_on ? 1 : 0

  project     = local.project
  location    = var.region
  name        = local.console_name
  description = "The console of ${var.name}, behind IAP."
  labels      = var.labels
  # Browsers come from anywhere. IAP is on the service itself, and only IAP may call it.
  ingress             = "INGRESS_TRAFFIC_ALL"
  iap_enabled         = true
  deletion_protection = false

  template {
    service_account                  = google_service_account.console[0].email
    encryption_key                   = local.kms_key
    max_instance_request_concurrency = 40
    # An export of everyone is one request.
    timeout = "3600s"

    scaling {
      min_instance_count = var.console.min_instances
      max_instance_count = var.console.max_instances
    }

    dynamic "vpc_access" {
      for_each = local.egress == null ? [] : [local.egress]
      iterator = way
      content {
        egress = way.value.all_traffic ? "ALL_TRAFFIC" : "PRIVATE_RANGES_ONLY"
        network_interfaces {
          network    = way.value.network
          subnetwork = way.value.subnetwork
          tags       = way.value.tags
        }
      }
    }

    containers {
      image = var.console_image

      resources {
        limits            = { cpu = "1", memory = var.console.memory }
        cpu_idle          = true
        startup_cpu_boost = true
      }

      dynamic "env" {
        for_each = local.console_environment
        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = local.secret_environment
        content {
          name = env.key
          value_source {
            secret_key_ref {
              secret  = env.value.id
              version = env.value.version
            }
          }
        }
      }
    }
  }

  lifecycle {
    precondition {
      condition     = try(coalesce(data.google_project.this.org_id, data.google_project.this.folder_id), "") != ""
      error_message = "console: project ${var.project} belongs to no organisation, and IAP on Cloud Run needs one. Leave console out, and use devsync console instead."
    }
  }

  depends_on = [time_sleep.console]
}

# IAP calls the service once it has let somebody in, and nobody else may.
resource "google_cloud_run_v2_service_iam_member" "console" {
  count = local.console_on ? 1 : 0

  project  = local.project
  location = var.region
  name     = google_cloud_run_v2_service.console[0].name
  role     = "roles/run.invoker"
  member   = local.iap_agent

  lifecycle {
    replace_triggered_by = [google_cloud_run_v2_service.console[0].id]
  }
}

resource "google_iap_web_cloud_run_service_iam_member" "console" {
  for_each = toset(local.console_on ? var.console.members : [])

  project                = local.project
  location               = var.region
  cloud_run_service_name = google_cloud_run_v2_service.console[0].name
  role                   = "roles/iap.httpsResourceAccessor"
  member                 = each.value

  lifecycle {
    replace_triggered_by = [google_cloud_run_v2_service.console[0].id]
  }
}
