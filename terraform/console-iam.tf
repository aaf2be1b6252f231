# What the console's account may do.

resource "google_project_iam_custom_role" "console_apigee" {
  count = local.console_on && !local.is_edge && !var.apigee.predefined_role ? 1 : 0

  project     = local.apigee_project
  role_id     = "${replace(var.name, "-", "_")}_console"
  title       = "${var.name}: console, ${var.console.edit_developers ? "reads and writes" : "reads"} developers"
  description = "Exactly what the console of ${var.name} calls in Apigee."
  permissions = concat(local.console_apigee_read, var.console.edit_developers ? local.console_apigee_write : [])
}

resource "google_project_iam_member" "console_apigee" {
  count = local.console_on && !local.is_edge ? 1 : 0

  project = local.apigee_project
  role = (
    !var.apigee.predefined_role ? google_project_iam_custom_role.console_apigee[0].id
    : var.console.edit_developers ? "roles/apigee.developerAdmin" : "roles/apigee.readOnlyAdmin"
  )
  member = google_service_account.console[0].member
}

resource "google_project_iam_member" "console_firestore" {
  count = local.console_on ? 1 : 0

  project = local.project
  role    = "roles/datastore.user"
  member  = google_service_account.console[0].member

  condition {
    title       = "${var.name}-database"
    description = "The portal's database only."
    expression  = "resource.name == \"projects/${var.project}/databases/${var.firestore.database}\""
  }
}

# Dead letters are published again, and taken off only then.
resource "google_pubsub_subscription_iam_member" "console" {
  for_each = local.console_on ? { requests = module.requests.hold, batches = module.batches.hold } : {}

  project      = local.project
  subscription = each.value
  role         = "roles/pubsub.subscriber"
  member       = google_service_account.console[0].member
}

# Cloud Scheduler grants nothing for a single job: these few rights are for all jobs of the project.
resource "google_project_iam_custom_role" "console_schedule" {
  count = local.console_on ? 1 : 0

  project     = local.project
  role_id     = "${replace(var.name, "-", "_")}_schedule"
  title       = "${var.name}: console, the schedule"
  description = "See, pause, resume and run scheduled jobs; neither make nor change nor delete them."
  permissions = ["cloudscheduler.jobs.enable", "cloudscheduler.jobs.get", "cloudscheduler.jobs.pause", "cloudscheduler.jobs.run"]
}

resource "google_project_iam_member" "console_schedule" {
  count = local.console_on ? 1 : 0

  project = local.project
  role    = google_project_iam_custom_role.console_schedule[0].id
  member  = google_service_account.console[0].member
}

# The console may be switched on long after everything else: new APIs, accounts and grants are not known everywhere at once.
resource "time_sleep" "console" {
  count = local.console_on ? 1 : 0

  create_duration = "90s"

  depends_on = [
    google_project_iam_member.console_apigee,
    google_project_iam_member.console_firestore,
    google_project_iam_member.console_schedule,
    google_project_service.this,
    google_pubsub_subscription_iam_member.console,
    module.batches,
    module.requests,
    module.secret,
  ]
}
