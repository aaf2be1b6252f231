locals {
  worker_common = {
    project               = local.project
    ack_deadline_seconds  = local.ack_deadline_seconds
    max_delivery_attempts = var.max_delivery_attempts
    push_account          = google_service_account.push.email
    pubsub_agent          = local.pubsub_agent
    labels                = var.labels
    kms_key               = local.kms_key
  }

  # fan-out continues its run and hands out batches. A batch of portal users makes the next page's batch, and the last
  # batch of a phase lets the run go on. push-portal-edit publishes nothing. The console asks for runs, and publishes dead
  # letters again.
  publishers = merge(
    {
      fan_out         = google_service_account.function["fan_out"].member
      reconcile_batch = google_service_account.function["reconcile_batch"].member
    },
    local.console_on ? { console = google_service_account.console[0].member } : {},
  )
}

module "requests" {
  source = "./modules/push-worker"

  common     = local.worker_common
  topic      = local.requests_topic
  endpoint   = module.fan_out.uri
  publishers = local.publishers

  depends_on = [google_kms_crypto_key_iam_member.agent]
}

module "batches" {
  source = "./modules/push-worker"

  common     = local.worker_common
  topic      = local.batches_topic
  endpoint   = module.reconcile_batch.uri
  publishers = local.publishers

  depends_on = [google_kms_crypto_key_iam_member.agent]
}
