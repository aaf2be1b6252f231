locals {
  # Pub/Sub waits this long for an answer, and no longer.
  ack_deadline_seconds = 600

  function_common = {
    project         = local.project
    region          = var.region
    build_account   = google_service_account.build.id
    source_bucket   = google_storage_bucket.source.name
    source_object   = google_storage_bucket_object.source.name
    environment     = local.environment
    secrets         = local.secret_environment
    ingress         = var.ingress
    labels          = var.labels
    database        = local.database
    document_filter = "${var.portal.collection}/{userId}"
    repository      = google_artifact_registry_repository.images.id
    kms_key         = local.kms_key
    network         = local.egress
  }
}

module "fan_out" {
  source = "./modules/function"

  common          = local.function_common
  name            = "${var.name}-fan-out"
  entry_point     = "fan-out"
  description     = "Starts runs and takes them from phase to phase."
  size            = var.functions.fan_out
  timeout_seconds = local.ack_deadline_seconds
  service_account = google_service_account.function["fan_out"].email
  invoker         = google_service_account.push.member

  depends_on = [time_sleep.grants]
}

module "reconcile_batch" {
  source = "./modules/function"

  common          = local.function_common
  name            = "${var.name}-reconcile-batch"
  entry_point     = "reconcile-batch"
  description     = "Brings one page of people in step."
  size            = var.functions.reconcile_batch
  timeout_seconds = local.ack_deadline_seconds
  service_account = google_service_account.function["reconcile_batch"].email
  invoker         = google_service_account.push.member

  depends_on = [time_sleep.grants]
}

module "push_portal_edit" {
  source = "./modules/function"

  common          = local.function_common
  name            = "${var.name}-push-portal-edit"
  entry_point     = "push-portal-edit"
  description     = "Pushes what was edited on the portal to Apigee."
  size            = var.functions.push_portal_edit
  timeout_seconds = 60
  service_account = google_service_account.function["push_portal_edit"].email
  invoker         = google_service_account.trigger.member

  trigger = {
    # The database's location, whatever the function's is.
    region          = var.firestore.location
    service_account = google_service_account.trigger.email
  }

  depends_on = [time_sleep.grants]
}
