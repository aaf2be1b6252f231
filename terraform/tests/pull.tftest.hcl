# Edits made in Apigee: the sink and what it feeds, Edge's schedule, and nothing at all where it is off.
mock_provider "google" {
  mock_resource "google_service_account" {
    defaults = {
      member = "serviceAccount:somebody@my-portal.iam.gserviceaccount.com"
      email  = "somebody@my-portal.iam.gserviceaccount.com"
      name   = "projects/my-portal/serviceAccounts/somebody@my-portal.iam.gserviceaccount.com"
    }
  }
  mock_resource "google_logging_project_sink" {
    defaults = { writer_identity = "serviceAccount:sink@gcp-sa-logging.iam.gserviceaccount.com" }
  }
  mock_data "google_project" {
    defaults = { number = "123456789" }
  }
}
mock_provider "time" {}

variables {
  project   = "my-portal"
  region    = "europe-west1"
  apigee    = { org = "my-apigee" }
  firestore = { location = "eur3" }
  # No warnings: nobody relies on this yet.
  schedule       = { paused = true }
  source_archive = "./tests/setup.txt"
  secret_values  = {}
}

run "off" {
  assert {
    condition     = length(module.pull_apigee_edit) == 0 && length(module.audit) == 0 && length(google_logging_project_sink.pull) == 0 && length(google_cloud_scheduler_job.audit_poll) == 0 && length(google_service_account.pull) == 0
    error_message = "Where pull is off nothing is made for it."
  }
  assert {
    condition     = output.pull == null && output.pull_sink_command == null && !contains(keys(output.environment), "PULL") && output.apigee_budget.instances == 10
    error_message = "Where pull is off the functions are as they were."
  }
}

run "audit_log" {
  variables {
    pull = { mode = "audit-log" }
  }

  assert {
    condition     = google_logging_project_sink.pull[0].project == "my-apigee" && google_logging_project_sink.pull[0].unique_writer_identity
    error_message = "The sink is in Apigee's project, with a writer of its own."
  }
  assert {
    condition = alltrue([
      for part in ["logName=\"projects/my-apigee/logs/cloudaudit.googleapis.com%2Factivity\"", "protoPayload.serviceName=\"apigee.googleapis.com\"", "NOT protoPayload.status.code>0", "NOT split.index>0"] :
      strcontains(google_logging_project_sink.pull[0].filter, part)
    ])
    error_message = "The sink takes what Apigee's activity log says of calls that did something."
  }
  assert {
    condition     = length(regexall("google.cloud.apigee.v1.Developers.\\w+", google_logging_project_sink.pull[0].filter)) == 7 && !strcontains(google_logging_project_sink.pull[0].filter, "DeveloperApps")
    error_message = "The sink takes the seven methods that change a developer, and no others."
  }
  assert {
    condition     = length(google_logging_project_sink.pull[0].exclusions) == 1 && strcontains(google_logging_project_sink.pull[0].exclusions[0].filter, "protoPayload.authenticationInfo.principalEmail=(\"somebody@my-portal.iam.gserviceaccount.com\" OR \"somebody@")
    error_message = "What our two writing accounts do is left out."
  }
  assert {
    condition     = google_pubsub_topic_iam_member.sink["sink"].member == "serviceAccount:sink@gcp-sa-logging.iam.gserviceaccount.com" && google_pubsub_topic_iam_member.sink["sink"].role == "roles/pubsub.publisher" && google_pubsub_topic_iam_member.sink["sink"].topic == "developer-sync-audit"
    error_message = "The sink's writer may publish to the audit topic."
  }
  assert {
    condition     = module.audit[0].push.dead_letter_policy[0].max_delivery_attempts == 100 && module.audit[0].push.ack_deadline_seconds == 600
    error_message = "An entry waits as long as it can, and goes to the dead letters then."
  }
  assert {
    condition     = module.pull_apigee_edit[0].function.build_config[0].entry_point == "pull-apigee-edit" && length(module.pull_apigee_edit[0].function.event_trigger) == 0 && module.pull_apigee_edit[0].function.service_config[0].max_instance_count == 1 && module.pull_apigee_edit[0].function.service_config[0].max_instance_request_concurrency == 1000
    error_message = "One instance takes every entry, pushed by Pub/Sub."
  }
  assert {
    condition     = output.environment["PULL"] == "audit-log" && output.apigee_budget.instances == 11
    error_message = "The functions are told, and the instance is one of those that share the budget."
  }
  assert {
    condition     = google_pubsub_topic_iam_member.pull_requests[0].topic == "developer-sync-requests" && length(google_project_iam_member.pull_apigee) == 1 && google_project_iam_member.pull_apigee[0].project == "my-apigee"
    error_message = "Its account may ask for a run, and write to Apigee."
  }
  assert {
    condition     = output.pull_sink_command == null && length(google_cloud_scheduler_job.audit_poll) == 0 && output.pull.dead_letters == "developer-sync-audit-dead-hold"
    error_message = "Nothing is left to be done by hand, and nobody is asked every minute."
  }
}

run "made_by_somebody_else" {
  variables {
    pull = { mode = "audit-log", create_sink = false, sink_writer = "serviceAccount:theirs@gcp-sa-logging.iam.gserviceaccount.com" }
  }

  assert {
    condition     = length(google_logging_project_sink.pull) == 0 && google_pubsub_topic_iam_member.sink["sink"].member == "serviceAccount:theirs@gcp-sa-logging.iam.gserviceaccount.com"
    error_message = "Their sink's writer may publish."
  }
  assert {
    condition = startswith(output.pull_sink_command, "gcloud logging sinks create developer-sync-pull pubsub.googleapis.com/projects/my-portal/topics/developer-sync-audit --project=my-apigee ") && alltrue([
      for part in ["--log-filter='logName=", "--exclusion=name=own-writes,filter='protoPayload.authenticationInfo.principalEmail=(", "--format='value(writerIdentity)'"] : strcontains(output.pull_sink_command, part)
    ])
    error_message = "The output is the whole command."
  }
}

run "edge" {
  variables {
    apigee           = { org = "my-apigee", type = "edge" }
    secret_revisions = { edge_username = 1, edge_password = 1 }
    secret_values    = { edge_username = "u", edge_password = "p" }
    pull             = { mode = "audit-poll" }
  }

  assert {
    condition     = google_cloud_scheduler_job.audit_poll[0].schedule == "* * * * *" && google_cloud_scheduler_job.audit_poll[0].pubsub_target[0].attributes == tomap({ poll = "edge" })
    error_message = "Edge is asked every minute."
  }
  assert {
    condition     = length(google_logging_project_sink.pull) == 0 && length(google_pubsub_topic_iam_member.sink) == 0 && length(google_project_iam_member.pull_apigee) == 0
    error_message = "There is no log to take from, and no project to be let into."
  }
  assert {
    condition     = contains(module.secret["edge_password"].readers, "pull")
    error_message = "It may read the credentials."
  }
}

run "another_flavour" {
  command = plan
  variables {
    pull = { mode = "audit-poll" }
  }
  expect_failures = [var.pull]
}

run "no_writer" {
  command = plan
  variables {
    pull = { mode = "audit-log", create_sink = false, sink_writer = "theirs@example.com" }
  }
  expect_failures = [var.pull]
}
