# What is deployed, with everything left at its default. Nothing of Google Cloud is called.
mock_provider "google" {
  mock_resource "google_service_account" {
    defaults = {
      member = "serviceAccount:somebody@my-portal.iam.gserviceaccount.com"
      email  = "somebody@my-portal.iam.gserviceaccount.com"
      name   = "projects/my-portal/serviceAccounts/somebody@my-portal.iam.gserviceaccount.com"
    }
  }
  mock_data "google_project" {
    defaults = { number = "123456789" }
  }
}

variables {
  project   = "my-portal"
  region    = "europe-west1"
  apigee    = { org = "my-apigee" }
  firestore = { location = "eur3" }
  # No warnings: nobody relies on this yet.
  schedule       = { paused = true }
  source_archive = "./tests/setup.txt"
  # terraform test refuses to apply with the default of an ephemeral variable.
  secret_values = {}
}

run "everything" {
  # Functions.
  assert {
    condition = alltrue([
      for f in [module.fan_out.function, module.reconcile_batch.function, module.push_portal_edit.function] :
      f.build_config[0].runtime == "nodejs24" && f.service_config[0].ingress_settings == "ALLOW_INTERNAL_ONLY"
    ])
    error_message = "Every function runs on nodejs24 and is not reachable from the internet."
  }
  assert {
    condition = [
      module.fan_out.function.build_config[0].entry_point,
      module.reconcile_batch.function.build_config[0].entry_point,
      module.push_portal_edit.function.build_config[0].entry_point,
    ] == ["fan-out", "reconcile-batch", "push-portal-edit"]
    error_message = "The entry points are the names under which the code registers the functions."
  }
  assert {
    condition     = module.push_portal_edit.function.event_trigger[0].retry_policy == "RETRY_POLICY_RETRY"
    error_message = "A failed event has to be delivered again."
  }
  assert {
    condition     = module.push_portal_edit.function.event_trigger[0].event_type == "google.cloud.firestore.document.v1.written.withAuthContext"
    error_message = "The trigger is for every write, with the auth context."
  }
  assert {
    condition     = module.push_portal_edit.function.event_trigger[0].trigger_region == "eur3" && module.push_portal_edit.function.location == "europe-west1"
    error_message = "The trigger is where the database is, the function where the region says."
  }
  assert {
    condition = {
      for filter in module.push_portal_edit.function.event_trigger[0].event_filters : filter.attribute => "${coalesce(filter.operator, "exact")} ${filter.value}"
    } == { database = "exact (default)", document = "match-path-pattern portalUsers/{userId}" }
    error_message = "The trigger looks at the documents of the portal collection, in the portal's database."
  }
  assert {
    condition     = alltrue([for f in [module.fan_out.function, module.reconcile_batch.function] : length(f.event_trigger) == 0])
    error_message = "Pub/Sub pushes to the workers itself."
  }

  # Settings.
  assert {
    condition     = output.environment["APIGEE_ORG"] == "my-apigee" && length([for name in keys(output.environment) : name if startswith(name, "NODE_")]) == 0
    error_message = "An operator's shell gets the settings, and not how Node.js runs in production."
  }
  assert {
    condition = (
      merge(module.fan_out.function.service_config[0].environment_variables, { NODE_OPTIONS = "" })
      == merge(module.push_portal_edit.function.service_config[0].environment_variables, { NODE_OPTIONS = "" })
    )
    error_message = "All functions are told the same."
  }
  assert {
    condition = [
      for f in [module.fan_out.function, module.reconcile_batch.function, module.push_portal_edit.function] :
      "${f.service_config[0].available_memory} ${f.service_config[0].environment_variables["NODE_OPTIONS"]}"
      ] == [
      "1Gi --enable-source-maps --max-old-space-size=512 --max-semi-space-size=16",
      "1Gi --enable-source-maps --max-old-space-size=512 --max-semi-space-size=16",
      "512Mi --enable-source-maps --max-old-space-size=256 --max-semi-space-size=16",
    ]
    error_message = "Half of a function's memory is for JavaScript's lasting objects, and new ones get little."
  }
  assert {
    condition     = output.apigee_budget == { calls_per_minute = 3000, instances = 10 }
    error_message = "All instances together stay within the budget."
  }
  assert {
    condition     = module.fan_out.function.service_config[0].environment_variables["LOG_EXECUTION_ID"] == "true" && module.fan_out.function.service_config[0].environment_variables["NODE_ENV"] == "production"
    error_message = "Log entries carry their execution, and errors stay out of answers."
  }
  assert {
    condition     = length([for name in ["APIGEE_ACCESS_TOKEN", "APIGEE_ENDPOINT", "PORTAL_FILTER", "PORTAL_MAPPING"] : name if contains(keys(module.fan_out.function.service_config[0].environment_variables), name)]) == 0
    error_message = "What is not set keeps the product's own default."
  }
  assert {
    condition     = length(module.fan_out.function.service_config[0].secret_environment_variables) == 0 && length(module.secret) == 0
    error_message = "On X there is no secret unless one is named."
  }

  # Topics.
  assert {
    condition = alltrue([
      for worker in [module.requests, module.batches] :
      worker.push.ack_deadline_seconds == 600 && worker.push.message_retention_duration == "604800s" && worker.push.expiration_policy[0].ttl == ""
    ])
    error_message = "A push subscription waits 600 s, keeps messages for 7 days and never expires."
  }
  assert {
    condition = alltrue([
      for worker in [module.requests, module.batches] :
      worker.push.push_config[0].oidc_token[0].audience == worker.push.push_config[0].push_endpoint
    ])
    error_message = "Address and audience are the same."
  }
  assert {
    condition     = module.requests.push.push_config[0].push_endpoint == output.function_urls.fan_out && module.batches.push.push_config[0].push_endpoint == output.function_urls.reconcile_batch
    error_message = "Requests go to fan-out, batches to reconcile-batch."
  }
  assert {
    condition = alltrue([
      for worker in [module.requests, module.batches] :
      worker.push.topic == worker.topic_id && worker.dead_letters.topic == worker.push.dead_letter_policy[0].dead_letter_topic
    ])
    error_message = "Every topic has a subscription, the dead letters' too."
  }
  assert {
    condition = alltrue([
      for worker in [module.requests, module.batches] :
      worker.dead_letters.message_retention_duration == "2678400s" && worker.dead_letters.expiration_policy[0].ttl == "" && length(worker.dead_letters.push_config) == 0
    ])
    error_message = "Dead letters are kept for 31 days, until somebody pulls them."
  }
  assert {
    condition     = alltrue([for worker in [module.requests, module.batches] : worker.push.dead_letter_policy[0].max_delivery_attempts == 15])
    error_message = "A message is delivered 15 times at most."
  }
  assert {
    condition     = alltrue([for worker in [module.requests, module.batches] : worker.push.retry_policy[0].minimum_backoff == "10s" && worker.push.retry_policy[0].maximum_backoff == "600s"])
    error_message = "A message that failed is delivered again after 10 to 600 s."
  }

  # Schedule.
  assert {
    condition     = { for key, job in google_cloud_scheduler_job.sync : job.name => base64decode(job.pubsub_target[0].data) } == { "developer-sync-incremental" = "{\"mode\":\"incremental\",\"dryRun\":false,\"reason\":\"schedule\"}", "developer-sync-full" = "{\"mode\":\"full\",\"dryRun\":false,\"reason\":\"schedule\"}" }
    error_message = "Each job requests its kind of run."
  }
  assert {
    condition     = alltrue([for key, job in google_cloud_scheduler_job.sync : job.pubsub_target[0].attributes == tomap({ schedule = key }) && job.pubsub_target[0].topic_name == module.requests.topic_id])
    error_message = "The schedule's messages say whose they are, and go to the requests topic."
  }

  # Firestore.
  assert {
    condition     = length(google_firestore_database.portal) == 0
    error_message = "The portal's database is not ours to make, unless asked."
  }
  assert {
    condition     = toset([for field in google_firestore_field.exempt : "${field.collection}.${field.field}" if length(field.ttl_config) > 0]) == toset(["developerSyncRuns.expireAt", "developerSyncBatches.expireAt", "developerSyncRejections.expireAt", "developerSyncAllowance.expireAt", "developerSyncAudit.expireAt", "developerSyncLinks.expireAt", "developerSyncDryLinks.expireAt", "developerSyncChanges.expireAt", "developerSyncPlanned.expireAt"])
    error_message = "Old documents of our own collections expire, and links of nobody; portal users never do."
  }
  assert {
    condition     = alltrue([for field in google_firestore_field.exempt : length(field.index_config[0].indexes) == 0])
    error_message = "Exempt fields have no index."
  }

  # Archive.
  assert {
    condition     = google_storage_bucket_object.source.name == "functions-${filesha256("./tests/setup.txt")}.zip"
    error_message = "The archive is named by its content, so that a change is deployed."
  }
  assert {
    condition     = google_storage_bucket.source.public_access_prevention == "enforced" && google_storage_bucket.source.uniform_bucket_level_access
    error_message = "The archive is not public."
  }

  # APIs.
  assert {
    condition     = alltrue([for service in google_project_service.this : service.disable_on_destroy == false]) && contains(keys(google_project_service.this), "apigee.googleapis.com")
    error_message = "APIs are enabled, and left enabled."
  }
  assert {
    condition     = output.manual_run == "gcloud pubsub topics publish developer-sync-requests --project=my-portal --message='{\"mode\":\"full\",\"dryRun\":true,\"reason\":\"by hand\"}'"
    error_message = "The command for a run by hand names topic and project."
  }
}

run "named_otherwise" {
  variables {
    name         = "sync-eu"
    state_prefix = "syncEu"
    portal       = { collection = "tenants/main/users" }
    firestore    = { location = "europe-west1", database = "portal", create_database = true }
  }
  assert {
    condition     = output.scheduler_jobs == { incremental = "sync-eu-incremental", full = "sync-eu-full" } && module.fan_out.function.service_config[0].environment_variables["SYNC_BATCHES_TOPIC"] == module.batches.topic
    error_message = "The name begins the name of everything, and the functions are told of it."
  }
  assert {
    condition     = alltrue([for field in google_firestore_field.exempt : startswith(field.collection, "syncEu") && field.database == "portal"])
    error_message = "Exemptions are for our collections in the portal's database."
  }
  assert {
    condition     = google_firestore_database.portal[0].delete_protection_state == "DELETE_PROTECTION_ENABLED" && google_firestore_database.portal[0].point_in_time_recovery_enablement == "POINT_IN_TIME_RECOVERY_ENABLED"
    error_message = "A database made here is protected."
  }
  assert {
    condition     = contains([for filter in module.push_portal_edit.function.event_trigger[0].event_filters : filter.value], "tenants/main/users/{userId}")
    error_message = "A path of a collection works as well as an id."
  }
}
