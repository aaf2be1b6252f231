locals {
  apis = toset(concat(
    [
      "artifactregistry.googleapis.com",
      "cloudbuild.googleapis.com",
      "cloudfunctions.googleapis.com",
      "cloudscheduler.googleapis.com",
      "eventarc.googleapis.com",
      "firestore.googleapis.com",
      "iam.googleapis.com",
      "logging.googleapis.com",
      "monitoring.googleapis.com",
      "pubsub.googleapis.com",
      "run.googleapis.com",
      "secretmanager.googleapis.com",
      "storage.googleapis.com",
    ],
    local.is_edge ? [] : ["apigee.googleapis.com"],
    local.console_on ? ["iap.googleapis.com"] : [],
    var.encryption == null ? [] : ["cloudkms.googleapis.com"],
    var.network == null ? [] : ["compute.googleapis.com"],
  ))
  is_edge = var.apigee.type == "edge"

  # Everything that takes its project from here waits for the APIs.
  project = time_sleep.apis.triggers.project
}

data "google_project" "this" {
  project_id = var.project
}

resource "google_project_service" "this" {
  for_each = local.apis

  project            = var.project
  service            = each.value
  disable_on_destroy = false
}

# An API is not there everywhere as soon as it is enabled.
resource "time_sleep" "apis" {
  create_duration = "60s"
  triggers        = { project = var.project, apis = join(" ", local.apis) }

  depends_on = [google_project_service.this]
}
