output "requests_topic" {
  description = "Topic that takes requests for runs."
  value       = module.requests.topic_id
}

output "manual_run" {
  description = "Command that requests a full dry run; set dryRun to false for a real one."
  value       = "gcloud pubsub topics publish ${module.requests.topic} --project=${var.project} --message='{\"mode\":\"full\",\"dryRun\":true,\"reason\":\"by hand\"}'"
}

output "dead_letter_subscriptions" {
  description = "Subscriptions that keep messages which could not be handled."
  value       = { requests = module.requests.hold, batches = module.batches.hold }
}

output "function_urls" {
  description = "run.app addresses of the functions."
  value = {
    fan_out          = module.fan_out.uri
    reconcile_batch  = module.reconcile_batch.uri
    push_portal_edit = module.push_portal_edit.uri
  }
}

output "service_accounts" {
  description = "Emails of the service accounts: one for each function, as whom Pub/Sub, Eventarc and the build act, and the console's where it is on."
  value = merge(
    { for key, account in google_service_account.function : key => account.email },
    {
      push    = google_service_account.push.email
      trigger = google_service_account.trigger.email
      build   = google_service_account.build.email
    },
    local.console_on ? { console = google_service_account.console[0].email } : {},
  )
}

output "console_url" {
  description = "The console's address; null where it is off."
  value       = local.console_on ? google_cloud_run_v2_service.console[0].uri : null
}

output "scheduler_jobs" {
  description = "Names of the Cloud Scheduler jobs."
  value       = { for key, job in google_cloud_scheduler_job.sync : key => job.name }
}

output "egress_addresses" {
  description = "Addresses that calls come from, where network.fixed_addresses asks for some."
  value       = google_compute_address.egress[*].address
}

output "apigee_budget" {
  description = "Calls to Apigee per minute, and how many instances at most share them."
  value       = { calls_per_minute = var.apigee.calls_per_minute, instances = local.total_instances }
}

output "dashboard_url" {
  description = "The dashboard in the console."
  value       = module.observability.dashboard_url
}

output "environment" {
  description = "Settings of the functions, for devsync run from elsewhere. Secrets are not among them."
  value       = { for variable, value in local.environment : variable => value if !startswith(variable, "NODE_") }
}
