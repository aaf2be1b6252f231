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

  build_roles = ["roles/artifactregistry.writer", "roles/logging.logWriter", "roles/storage.objectViewer"]
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

resource "google_project_iam_member" "build" {
  for_each = toset(local.build_roles)

  project = local.project
  role    = each.value
  member  = google_service_account.build.member
}

# Pub/Sub signs the tokens of its push requests itself. Only projects older than April 2021 need it said, and there
# this account is all it may sign for.
resource "google_service_account_iam_member" "push_token" {
  service_account_id = google_service_account.push.name
  role               = "roles/iam.serviceAccountOpenIdTokenCreator"
  member             = local.pubsub_agent
}

# New accounts and grants are not known everywhere at once, and building or triggering as one of them fails until then.
resource "time_sleep" "grants" {
  create_duration = "90s"

  depends_on = [
    google_project_iam_member.apigee,
    google_project_iam_member.build,
    google_project_iam_member.event_receiver,
    google_project_iam_member.firestore,
    module.secret,
  ]
}
