locals {
  apigee_project = coalesce(var.apigee.project, var.apigee.org)

  # What the code calls: list and get, POST, PUT and the status call. DELETE only where the policy is to delete, or where the
  # creation of developers may be undone: only of those without apps, so that these are listed.
  apigee_read  = ["apigee.developers.get", "apigee.developers.list"]
  apigee_write = concat(local.apigee_read, ["apigee.developers.create", "apigee.developers.update"], var.policies.portal_delete == "delete" || var.policies.undo_creations ? ["apigee.developers.delete"] : [], var.policies.undo_creations ? ["apigee.developerapps.list"] : [])

  own_apigee_roles = local.is_edge || var.apigee.predefined_role ? {} : {
    reader = { title = "reads developers", permissions = local.apigee_read }
    writer = { title = "reads and writes developers", permissions = local.apigee_write }
  }
  apigee_role_of = { fan_out = "reader", reconcile_batch = "writer", push_portal_edit = "writer" }

  # Agents that are made on request (README) hold no role until they are given one, and on projects older than April 2021
  # Pub/Sub's lacks the right to sign tokens.
  agents = {
    eventarc = { member = local.eventarc_agent, role = "roles/eventarc.serviceAgent" }
    pubsub   = { member = local.pubsub_agent, role = "roles/pubsub.serviceAgent" }
  }

  # A build reads what is to be built: our archive, and Cloud Functions' copy of it.
  built_buckets = [google_storage_bucket.source.name, "gcf-v2-sources-${data.google_project.this.number}-${var.region}"]

  # What has to be known everywhere before anything is built, triggered or called.
  grants = concat(
    values(google_project_iam_member.agent)[*].id,
    values(google_project_iam_member.apigee)[*].id,
    [google_project_iam_member.build_logs.id, google_project_iam_member.build_sources.id, google_artifact_registry_repository_iam_member.build.id],
    [google_project_iam_member.event_receiver.id],
    values(google_project_iam_member.firestore)[*].id,
    values(google_service_account_iam_member.token)[*].id,
    flatten([for secret in module.secret : secret.grants]),
    values(google_kms_crypto_key_iam_member.agent)[*].id,
  )
}

# Without them Eventarc may not make the trigger, and Pub/Sub may not push to it. Taken from the state before a destroy
# (docs/runbook.md, Removing): whatever else is in the project needs them too.
resource "google_project_iam_member" "agent" {
  for_each = local.agents

  project = local.project
  role    = each.value.role
  member  = each.value.member
}

resource "google_project_iam_custom_role" "apigee" {
  for_each = local.own_apigee_roles

  project     = local.apigee_project
  role_id     = "${replace(var.name, "-", "_")}_${each.key}"
  title       = "${var.name}: ${each.value.title}"
  description = "Exactly what ${var.name} calls in Apigee."
  permissions = each.value.permissions
}

resource "google_project_iam_member" "apigee" {
  for_each = local.is_edge ? {} : local.apigee_role_of

  project = local.apigee_project
  role    = var.apigee.predefined_role ? "roles/apigee.developerAdmin" : google_project_iam_custom_role.apigee[each.value].id
  member  = google_service_account.function[each.key].member
}

resource "google_project_iam_member" "firestore" {
  for_each = local.function_accounts

  project = local.project
  role    = "roles/datastore.user"
  member  = google_service_account.function[each.key].member

  condition {
    title       = "${var.name}-database"
    description = "The portal's database only."
    expression  = "resource.name == \"projects/${var.project}/databases/${var.firestore.database}\""
  }
}

resource "google_project_iam_member" "event_receiver" {
  project = local.project
  role    = "roles/eventarc.eventReceiver"
  member  = google_service_account.trigger.member
}

moved {
  from = google_project_iam_member.build["roles/logging.logWriter"]
  to   = google_project_iam_member.build_logs
}

resource "google_project_iam_member" "build_logs" {
  project = local.project
  role    = "roles/logging.logWriter"
  member  = google_service_account.build.member
}

# Builds run the install scripts of packages: nothing else of the project's buckets is theirs to read.
resource "google_project_iam_member" "build_sources" {
  project = local.project
  role    = "roles/storage.objectViewer"
  member  = google_service_account.build.member

  condition {
    title       = "${var.name}-sources"
    description = "What is to be built only."
    expression  = join(" || ", [for bucket in local.built_buckets : "resource.name == \"projects/_/buckets/${bucket}\" || resource.name.startsWith(\"projects/_/buckets/${bucket}/\")"])
  }
}

resource "google_artifact_registry_repository_iam_member" "build" {
  project    = local.project
  location   = var.region
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.build.member
}

# Pub/Sub signs the tokens with which it calls: as the push account for our subscriptions, as the trigger's account for
# the subscription that Eventarc makes.
moved {
  from = google_service_account_iam_member.push_token
  to   = google_service_account_iam_member.token["push"]
}

resource "google_service_account_iam_member" "token" {
  for_each = { push = google_service_account.push.name, trigger = google_service_account.trigger.name }

  service_account_id = each.value
  role               = "roles/iam.serviceAccountOpenIdTokenCreator"
  member             = local.pubsub_agent
}

# New accounts and grants are not known everywhere at once, and building or triggering as one of them fails until then. A
# grant that an upgrade adds is waited for as well.
resource "time_sleep" "grants" {
  create_duration = "90s"
  triggers        = { grants = sha256(join(" ", local.grants)) }
}
