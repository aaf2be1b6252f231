# A Cloud Run function of the one archive, which nobody may call but its invoker; with a trigger, one on Firestore
# documents.
terraform {
  required_version = ">= 1.11"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.45"
    }
  }
}

locals {
  memory_mib = tonumber(regex("^[0-9]+", var.size.memory)) * (endswith(var.size.memory, "Gi") ? 1024 : 1)

  # Half of the memory is for JavaScript's lasting objects: V8 collects what is not needed any more before it takes more.
  # New objects get three times the semi-space. The rest is for Node.js itself, code, connections and buffers: about
  # 130 MiB.
  heap = ["--max-old-space-size=${floor(local.memory_mib / 2)}", "--max-semi-space-size=16"]
}

resource "google_cloudfunctions2_function" "this" {
  project     = var.common.project
  location    = var.common.region
  name        = var.name
  description = var.description
  labels      = var.common.labels
  # Null leaves it to Google's keys.
  kms_key_name = var.common.kms_key

  build_config {
    runtime           = "nodejs24"
    entry_point       = var.entry_point
    service_account   = var.common.build_account
    docker_repository = var.common.repository
    # The archive is built and tested already.
    environment_variables = { GOOGLE_NODE_RUN_SCRIPTS = "" }

    source {
      storage_source {
        bucket = var.common.source_bucket
        object = var.common.source_object
      }
    }
  }

  service_config {
    service_account_email            = var.service_account
    ingress_settings                 = var.common.ingress
    all_traffic_on_latest_revision   = true
    max_instance_count               = var.size.max_instances
    min_instance_count               = var.size.min_instances
    max_instance_request_concurrency = var.size.concurrency
    available_cpu                    = tostring(var.size.cpu)
    available_memory                 = var.size.memory
    timeout_seconds                  = var.timeout_seconds
    environment_variables            = merge(var.common.environment, { NODE_OPTIONS = join(" ", concat([var.common.environment["NODE_OPTIONS"]], local.heap)) })

    direct_vpc_egress = var.common.network == null ? null : var.common.network.egress

    dynamic "direct_vpc_network_interface" {
      for_each = var.common.network == null ? [] : [var.common.network]
      iterator = way
      content {
        network    = way.value.network
        subnetwork = way.value.subnetwork
        tags       = way.value.tags
      }
    }

    dynamic "secret_environment_variables" {
      for_each = var.common.secrets
      iterator = secret
      content {
        key        = secret.key
        project_id = var.common.project
        secret     = secret.value.id
        version    = secret.value.version
      }
    }
  }

  dynamic "event_trigger" {
    for_each = var.trigger == null ? [] : [var.trigger]
    iterator = trigger
    content {
      # With the auth context from the first day on: changing the type replaces the trigger and loses events.
      event_type            = "google.cloud.firestore.document.v1.written.withAuthContext"
      trigger_region        = trigger.value.region
      service_account_email = trigger.value.service_account
      # Without it a failed event is dropped, and reported as delivered.
      retry_policy = "RETRY_POLICY_RETRY"

      event_filters {
        attribute = "database"
        value     = var.common.database
      }
      event_filters {
        attribute = "document"
        operator  = "match-path-pattern"
        value     = var.common.document_filter
      }
    }
  }
}

resource "google_cloud_run_v2_service_iam_member" "invoker" {
  project  = var.common.project
  location = var.common.region
  name     = google_cloudfunctions2_function.this.name
  role     = "roles/run.invoker"
  member   = var.invoker

  # A function that is replaced comes back without its grants.
  lifecycle {
    replace_triggered_by = [google_cloudfunctions2_function.this.id]
  }
}
