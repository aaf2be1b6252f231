# Edits made in Apigee, on the portal within seconds: Apigee's audit log, or Edge's audit history, to pull-apigee-edit.
locals {
  pull_on  = var.pull.mode != "off"
  pull_log = var.pull.mode == "audit-log"
  # Nothing at all, or one of it.
  pull_count = local.pull_on ? 1 : 0

  audit_topic = "${var.name}-audit"
  sink_name   = "${var.name}-pull"

  # Every method that changes a developer; nothing about apps, keys or money.
  edit_methods = [
    "CreateDeveloper", "UpdateDeveloper", "DeleteDeveloper", "SetDeveloperStatus",
    "UpdateDeveloperAttribute", "UpdateDeveloperAttributes", "DeleteDeveloperAttribute",
  ]
  # A missing field compares false: with NOT an entry without it is kept. Failed calls are logged, too.
  sink_filter = join(" AND ", [
    "logName=\"projects/${local.apigee_project}/logs/cloudaudit.googleapis.com%2Factivity\"",
    "protoPayload.serviceName=\"apigee.googleapis.com\"",
    "protoPayload.methodName=(${join(" OR ", [for method in local.edit_methods : "\"google.cloud.apigee.v1.Developers.${method}\""])})",
    "NOT protoPayload.status.code>0",
    "NOT split.index>0",
  ])
  # The two accounts that only we use, and that write what a run or a portal edit brings to Apigee: a full run would
  # otherwise be told of each of its own writes. Everybody else's calls are told of, the console's and operators' too.
  own_writers = [
    google_service_account.function["reconcile_batch"].email,
    google_service_account.function["push_portal_edit"].email,
  ]
  own_writes       = "protoPayload.authenticationInfo.principalEmail=(${join(" OR ", [for email in local.own_writers : "\"${email}\""])})"
  sink_destination = "pubsub.googleapis.com/projects/${var.project}/topics/${local.audit_topic}"
  # Who publishes to the topic: our own sink, or the one that somebody made for us.
  sink_writers = merge(
    local.pull_log && var.pull.create_sink ? { sink = google_logging_project_sink.pull[0].writer_identity } : {},
    local.pull_log && !var.pull.create_sink && var.pull.sink_writer != null ? { sink = var.pull.sink_writer } : {},
  )
}

resource "google_service_account" "pull" {
  count = local.pull_count

  project      = local.project
  account_id   = "${var.name}-pull"
  display_name = "${var.name}: brings edits made in Apigee to the portal"
}

# It writes to Apigee as well, where both sides were edited, or where a deleted developer is to be made again.
resource "google_project_iam_member" "pull_apigee" {
  count = local.pull_on && !local.is_edge ? 1 : 0

  project = local.apigee_project
  role    = var.apigee.predefined_role ? "roles/apigee.developerAdmin" : google_project_iam_custom_role.apigee["writer"].id
  member  = google_service_account.pull[0].member
}

resource "google_project_iam_member" "pull_firestore" {
  count = local.pull_count

  project = local.project
  role    = "roles/datastore.user"
  member  = google_service_account.pull[0].member

  condition {
    title       = "${var.name}-database"
    description = "The portal's database only."
    expression  = "resource.name == \"projects/${var.project}/databases/${var.firestore.database}\""
  }
}

# Many edits at once are left to a run.
resource "google_pubsub_topic_iam_member" "pull_requests" {
  count = local.pull_count

  project = local.project
  topic   = module.requests.topic
  role    = "roles/pubsub.publisher"
  member  = google_service_account.pull[0].member
}

resource "time_sleep" "pull_grants" {
  count = local.pull_count

  create_duration = "90s"

  depends_on = [
    google_project_iam_member.pull_apigee,
    google_project_iam_member.pull_firestore,
    module.secret,
    time_sleep.grants,
  ]
}

module "pull_apigee_edit" {
  source = "./modules/function"
  count  = local.pull_count

  common      = local.function_common
  name        = "${var.name}-pull-apigee-edit"
  entry_point = "pull-apigee-edit"
  description = "Brings what was edited in Apigee to the portal."
  size = {
    max_instances = var.pull.max_instances
    min_instances = var.pull.min_instances
    concurrency   = var.pull.concurrency
    cpu           = 1
    memory        = var.pull.memory
  }
  timeout_seconds = local.ack_deadline_seconds
  service_account = google_service_account.pull[0].email
  invoker         = google_service_account.push.member

  depends_on = [time_sleep.pull_grants]
}

module "audit" {
  source = "./modules/push-worker"
  count  = local.pull_count

  # An entry waits as long as it can: while every write is stopped, it is given back again and again.
  common     = merge(local.worker_common, { max_delivery_attempts = 100 })
  topic      = local.audit_topic
  endpoint   = module.pull_apigee_edit[0].uri
  publishers = {}
}

resource "google_logging_project_sink" "pull" {
  count = local.pull_log && var.pull.create_sink ? 1 : 0

  project                = local.apigee_project
  name                   = local.sink_name
  description            = "Edits of Apigee developers, for ${var.name} in ${var.project}."
  destination            = "pubsub.googleapis.com/${module.audit[0].topic_id}"
  filter                 = local.sink_filter
  unique_writer_identity = true

  exclusions {
    name        = "own-writes"
    description = "What ${var.name} writes itself."
    filter      = local.own_writes
  }
}

resource "google_pubsub_topic_iam_member" "sink" {
  for_each = local.sink_writers

  project = local.project
  topic   = module.audit[0].topic
  role    = "roles/pubsub.publisher"
  member  = each.value
}

# Edge tells nobody: it is asked.
resource "google_cloud_scheduler_job" "audit_poll" {
  count = var.pull.mode == "audit-poll" ? 1 : 0

  project     = local.project
  region      = coalesce(var.schedule.region, var.region)
  name        = "${var.name}-audit-poll"
  description = "Asks Edge every minute what was edited there, for ${var.name}."
  schedule    = "* * * * *"
  time_zone   = var.schedule.time_zone

  pubsub_target {
    topic_name = module.audit[0].topic_id
    attributes = { poll = "edge" }
    data       = base64encode("{}")
  }

  # Pausing and resuming belongs to whoever runs it.
  lifecycle {
    ignore_changes = [paused]
  }
}

output "pull_sink_command" {
  description = "What whoever may touch Apigee's project runs there, where pull.create_sink is false: makes the sink, and prints the writer identity that pull.sink_writer has to be set to. Null where the sink is made here, or none is needed."
  value = local.pull_log && !var.pull.create_sink ? join(" && ", [
    "gcloud logging sinks create ${local.sink_name} ${local.sink_destination} --project=${local.apigee_project} --description='Edits of Apigee developers, for ${var.name} in ${var.project}' --log-filter='${local.sink_filter}' --exclusion=name=own-writes,filter='${local.own_writes}'",
    "gcloud logging sinks describe ${local.sink_name} --project=${local.apigee_project} --format='value(writerIdentity)'",
  ]) : null
}

output "pull" {
  description = "How edits in Apigee are noticed: the function's address, its account, the topic that takes entries, and the subscription that keeps those that could not be handled; null where pull is off."
  value = local.pull_on ? {
    mode            = var.pull.mode
    function_url    = module.pull_apigee_edit[0].uri
    service_account = google_service_account.pull[0].email
    audit_topic     = module.audit[0].topic_id
    dead_letters    = module.audit[0].hold
  } : null
}
