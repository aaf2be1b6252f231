# Who may do what.
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
  override_resource {
    target = google_service_account.push
    values = {
      member = "serviceAccount:developer-sync-push@my-portal.iam.gserviceaccount.com"
      email  = "developer-sync-push@my-portal.iam.gserviceaccount.com"
      name   = "projects/my-portal/serviceAccounts/developer-sync-push@my-portal.iam.gserviceaccount.com"
    }
  }
  override_resource {
    target = google_service_account.trigger
    values = {
      member = "serviceAccount:developer-sync-trigger@my-portal.iam.gserviceaccount.com"
      email  = "developer-sync-trigger@my-portal.iam.gserviceaccount.com"
      name   = "projects/my-portal/serviceAccounts/developer-sync-trigger@my-portal.iam.gserviceaccount.com"
    }
  }
}

variables {
  project   = "my-portal"
  region    = "europe-west1"
  apigee    = { org = "my-apigee" }
  firestore = { location = "europe-west1", database = "portal" }
  # No warnings: nobody relies on this yet.
  schedule       = { paused = true }
  source_archive = "./tests/setup.txt"
  # terraform test refuses to apply with the default of an ephemeral variable.
  secret_values = {}
}

run "least" {
  assert {
    condition     = google_project_iam_custom_role.apigee["reader"].permissions == toset(["apigee.developers.get", "apigee.developers.list"])
    error_message = "The reader may list and get."
  }
  assert {
    condition     = google_project_iam_custom_role.apigee["writer"].permissions == toset(["apigee.developers.get", "apigee.developers.list", "apigee.developers.create", "apigee.developers.update"])
    error_message = "The writer may not delete, and touches no attributes, apps or keys on their own."
  }
  assert {
    condition = (
      google_project_iam_member.apigee["fan_out"].role == google_project_iam_custom_role.apigee["reader"].id
      && google_project_iam_member.apigee["reconcile_batch"].role == google_project_iam_custom_role.apigee["writer"].id
      && google_project_iam_member.apigee["push_portal_edit"].role == google_project_iam_custom_role.apigee["writer"].id
    )
    error_message = "fan-out only reads Apigee."
  }
  assert {
    condition     = alltrue([for grant in google_project_iam_member.apigee : grant.project == "my-apigee"])
    error_message = "Rights in Apigee are granted in the organisation's project."
  }
  assert {
    condition = alltrue([
      for grant in google_project_iam_member.firestore :
      grant.role == "roles/datastore.user" && grant.condition[0].expression == "resource.name == \"projects/my-portal/databases/portal\""
    ])
    error_message = "The functions reach the portal's database only."
  }
  assert {
    condition = (
      module.fan_out.invoker.member == "serviceAccount:developer-sync-push@my-portal.iam.gserviceaccount.com"
      && module.reconcile_batch.invoker.member == "serviceAccount:developer-sync-push@my-portal.iam.gserviceaccount.com"
      && module.push_portal_edit.invoker.member == "serviceAccount:developer-sync-trigger@my-portal.iam.gserviceaccount.com"
    )
    error_message = "Pub/Sub's account calls the workers, Eventarc's the trigger function, and nobody else anything."
  }
  assert {
    condition     = alltrue([for f in [module.fan_out, module.reconcile_batch, module.push_portal_edit] : f.invoker.role == "roles/run.invoker" && !contains(["allUsers", "allAuthenticatedUsers"], f.invoker.member)])
    error_message = "No function is public."
  }
  assert {
    condition     = google_project_iam_member.event_receiver.role == "roles/eventarc.eventReceiver" && google_project_iam_member.event_receiver.member == "serviceAccount:developer-sync-trigger@my-portal.iam.gserviceaccount.com"
    error_message = "The trigger's account may receive events."
  }
  assert {
    condition     = alltrue([for worker in [module.requests, module.batches] : keys(worker.publishers) == ["fan_out", "reconcile_batch"]])
    error_message = "fan-out and reconcile-batch publish to both topics, push-portal-edit to none."
  }
  assert {
    condition = alltrue([
      for worker in [module.requests, module.batches] :
      worker.dead_letter_grants.publisher.member == "serviceAccount:service-123456789@gcp-sa-pubsub.iam.gserviceaccount.com"
      && worker.dead_letter_grants.publisher.role == "roles/pubsub.publisher"
      && worker.dead_letter_grants.publisher.topic == "${worker.topic}-dead"
      && worker.dead_letter_grants.subscriber.member == "serviceAccount:service-123456789@gcp-sa-pubsub.iam.gserviceaccount.com"
      && worker.dead_letter_grants.subscriber.role == "roles/pubsub.subscriber"
      && worker.dead_letter_grants.subscriber.subscription == worker.subscription
    ])
    error_message = "Without both grants Pub/Sub cannot move dead letters."
  }
  assert {
    condition = alltrue([
      for key, grant in google_service_account_iam_member.token :
      grant.role == "roles/iam.serviceAccountOpenIdTokenCreator" && strcontains(grant.service_account_id, "developer-sync-${key}@") && grant.member == "serviceAccount:service-123456789@gcp-sa-pubsub.iam.gserviceaccount.com"
    ]) && keys(google_service_account_iam_member.token) == ["push", "trigger"]
    error_message = "Pub/Sub may sign tokens as the two accounts that call, and as nobody else."
  }
  assert {
    condition = {
      for key, grant in google_project_iam_member.agent : grant.role => grant.member
      } == {
      "roles/eventarc.serviceAgent" = "serviceAccount:service-123456789@gcp-sa-eventarc.iam.gserviceaccount.com"
      "roles/pubsub.serviceAgent"   = "serviceAccount:service-123456789@gcp-sa-pubsub.iam.gserviceaccount.com"
    }
    error_message = "Agents that were made on request get the roles that they need."
  }
  assert {
    condition     = length(distinct([for account in google_service_account.function : account.account_id])) == 3
    error_message = "Each function has an account of its own."
  }
}

run "deleting" {
  variables {
    policies = { portal_delete = "delete" }
  }
  assert {
    condition     = contains(google_project_iam_custom_role.apigee["writer"].permissions, "apigee.developers.delete") && !contains(google_project_iam_custom_role.apigee["reader"].permissions, "apigee.developers.delete")
    error_message = "Only the policy to delete brings the right to delete."
  }
}

run "predefined_role" {
  variables {
    apigee = { org = "my-apigee", project = "apigee-host", predefined_role = true }
  }
  assert {
    condition     = length(google_project_iam_custom_role.apigee) == 0 && alltrue([for grant in google_project_iam_member.apigee : grant.role == "roles/apigee.developerAdmin" && grant.project == "apigee-host"])
    error_message = "The predefined role takes the place of the custom ones."
  }
}

run "edge_with_existing_secrets" {
  variables {
    apigee = { org = "my-edge", type = "edge" }
    secrets = {
      edge_username = { id = "edge-user", version = "3" }
      edge_password = { id = "edge-password", version = "7" }
    }
  }
  assert {
    condition     = length(google_project_iam_member.apigee) == 0 && !contains(keys(google_project_service.this), "apigee.googleapis.com")
    error_message = "Edge knows nothing of Google's roles."
  }
  assert {
    condition = {
      for secret in module.push_portal_edit.function.service_config[0].secret_environment_variables : secret.key => "${secret.secret} ${secret.version}"
    } == { APIGEE_USERNAME = "edge-user 3", APIGEE_PASSWORD = "edge-password 7" }
    error_message = "Credentials come from Secret Manager, with pinned versions."
  }
  assert {
    condition     = alltrue([for secret in module.secret : secret.readers == ["fan_out", "push_portal_edit", "reconcile_batch"] && !secret.made])
    error_message = "The functions, and nobody else by our doing, may read existing secrets."
  }
}

run "secrets_made_here" {
  variables {
    apigee           = { org = "my-edge", type = "edge" }
    secret_revisions = { log_hash_key = 2, edge_username = 1, edge_password = 1 }
    secret_values    = { log_hash_key = "0123456789abcdef", edge_username = "user@example.com", edge_password = "secret" }
  }
  assert {
    condition     = alltrue([for secret in module.secret : secret.made]) && keys(module.secret) == ["edge_password", "edge_username", "log_hash_key"]
    error_message = "Secrets named in secret_revisions are made."
  }
  assert {
    condition     = !strcontains(jsonencode(module.fan_out.function.service_config[0].environment_variables), "secret")
    error_message = "No value is an ordinary environment variable."
  }
}

run "undoing_creations" {
  command = plan

  variables {
    policies = { undo_creations = true }
  }

  assert {
    condition     = setsubtract(google_project_iam_custom_role.apigee["writer"].permissions, ["apigee.developers.get", "apigee.developers.list", "apigee.developers.create", "apigee.developers.update"]) == toset(["apigee.developers.delete", "apigee.developerapps.list"])
    error_message = "To undo a creation, the functions may delete developers and see who has apps."
  }
}
