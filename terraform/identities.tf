locals {
  # One for each function, so that each may do only what it does.
  function_accounts = {
    fan_out          = { suffix = "fan-out", title = "walks Apigee's listing and hands out batches" }
    reconcile_batch  = { suffix = "batch", title = "brings one page of people in step" }
    push_portal_edit = { suffix = "edit", title = "pushes portal edits to Apigee" }
  }
  # Google's own accounts, as which its services act in the project.
  eventarc_agent = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-eventarc.iam.gserviceaccount.com"
  pubsub_agent   = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

resource "google_service_account" "function" {
  for_each = local.function_accounts

  project      = local.project
  account_id   = "${var.name}-${each.value.suffix}"
  display_name = "${var.name}: ${each.value.title}"
}

resource "google_service_account" "push" {
  project      = local.project
  account_id   = "${var.name}-push"
  display_name = "${var.name}: Pub/Sub calls the workers as this"
}

resource "google_service_account" "trigger" {
  project      = local.project
  account_id   = "${var.name}-trigger"
  display_name = "${var.name}: Eventarc calls the trigger function as this"
}

resource "google_service_account" "build" {
  project      = local.project
  account_id   = "${var.name}-build"
  display_name = "${var.name}: builds the functions"
}
