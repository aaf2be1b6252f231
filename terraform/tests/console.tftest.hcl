# The console: off unless set, and then for nobody whom IAP does not let in.
mock_provider "google" {
  mock_resource "google_service_account" {
    defaults = {
      member = "serviceAccount:somebody@my-portal.iam.gserviceaccount.com"
      email  = "somebody@my-portal.iam.gserviceaccount.com"
      name   = "projects/my-portal/serviceAccounts/somebody@my-portal.iam.gserviceaccount.com"
    }
  }
  mock_data "google_project" {
    defaults = { number = "123456789", org_id = "", folder_id = "987" }
  }
  override_resource {
    target = google_service_account.console
    values = {
      member = "serviceAccount:developer-sync-console@my-portal.iam.gserviceaccount.com"
      email  = "developer-sync-console@my-portal.iam.gserviceaccount.com"
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
  console_image  = "europe-west1-docker.pkg.dev/my-portal/developer-sync/console@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  console        = { members = ["group:api-team@example.com", "user:ada@example.com"], viewers = ["domain:example.com"], admins = ["ada@example.com", "bo@example.com"] }
  # terraform test refuses to apply with the default of an ephemeral variable.
  secret_values = {}
}

run "off" {
  variables {
    console       = null
    console_image = null
  }
  assert {
    condition = (
      length(google_cloud_run_v2_service.console) + length(google_service_account.console) + length(google_iap_web_cloud_run_service_iam_member.console) == 0
      && output.console_url == null && !contains(keys(output.service_accounts), "console")
    )
    error_message = "Unless it is set there is no console."
  }
  assert {
    condition     = !contains(keys(google_project_service.this), "iap.googleapis.com") && output.apigee_budget.instances == 10
    error_message = "Without a console nothing needs IAP, and nobody shares the functions' calls."
  }
}

run "on" {
  assert {
    condition     = google_cloud_run_v2_service.console[0].iap_enabled && contains(keys(google_project_service.this), "iap.googleapis.com")
    error_message = "The console is behind IAP."
  }
  assert {
    condition = (
      google_cloud_run_v2_service_iam_member.console[0].role == "roles/run.invoker"
      && google_cloud_run_v2_service_iam_member.console[0].member == "serviceAccount:service-123456789@gcp-sa-iap.iam.gserviceaccount.com"
      && google_cloud_run_v2_service_iam_member.console[0].name == "developer-sync-console"
    )
    error_message = "Only IAP itself may call the service."
  }
  assert {
    condition = (
      toset([for grant in google_iap_web_cloud_run_service_iam_member.console : grant.member]) == toset(["group:api-team@example.com", "user:ada@example.com"])
      && alltrue([for grant in google_iap_web_cloud_run_service_iam_member.console : grant.role == "roles/iap.httpsResourceAccessor" && grant.cloud_run_service_name == "developer-sync-console"])
    )
    error_message = "IAP lets the members in, and nobody else."
  }
  assert {
    condition     = google_cloud_run_v2_service.console[0].template[0].containers[0].image == var.console_image
    error_message = "What runs is the image of that digest."
  }
  assert {
    condition     = google_cloud_run_v2_service.console[0].template[0].service_account == "developer-sync-console@my-portal.iam.gserviceaccount.com"
    error_message = "The console has an account of its own."
  }
  assert {
    condition     = google_cloud_run_v2_service.console[0].template[0].scaling[0].max_instance_count == 2 && output.apigee_budget == { calls_per_minute = 3000, instances = 12 }
    error_message = "The console's instances share the budget, as everybody else does."
  }
  assert {
    condition = {
      for variable in google_cloud_run_v2_service.console[0].template[0].containers[0].env : variable.name => variable.value if startswith(variable.name, "CONSOLE_")
      } == {
      CONSOLE_IAP_AUDIENCE      = "/projects/123456789/locations/europe-west1/services/developer-sync-console"
      CONSOLE_VIEWERS           = "domain:example.com"
      CONSOLE_ADMINS            = "ada@example.com,bo@example.com"
      CONSOLE_EDIT_DEVELOPERS   = "false"
      CONSOLE_SCHEDULE_LOCATION = "europe-west1"
      CONSOLE_INCREMENTAL_JOB   = output.scheduler_jobs.incremental
      CONSOLE_FULL_JOB          = output.scheduler_jobs.full
    }
    error_message = "The console is told which tokens are for it, who may what, and which jobs there are."
  }
  assert {
    condition = {
      for variable in google_cloud_run_v2_service.console[0].template[0].containers[0].env : variable.name => variable.value if !startswith(variable.name, "CONSOLE_")
      } == {
      for name, value in merge(module.fan_out.function.service_config[0].environment_variables, { NODE_OPTIONS = "--enable-source-maps --max-old-space-size=256 --max-semi-space-size=16" }) : name => value if name != "LOG_EXECUTION_ID"
    }
    error_message = "Otherwise it is told what the functions are told: the state is of the same settings."
  }

  # Rights.
  assert {
    condition     = google_project_iam_custom_role.console_apigee[0].permissions == toset(["apigee.developers.get", "apigee.developers.list", "apigee.developerapps.get", "apigee.developerapps.list"]) && google_project_iam_member.console_apigee[0].role == google_project_iam_custom_role.console_apigee[0].id
    error_message = "Unless it may edit, the console only reads Apigee."
  }
  assert {
    condition     = google_project_iam_member.console_apigee[0].project == "my-apigee" && google_project_iam_member.console_apigee[0].member == "serviceAccount:developer-sync-console@my-portal.iam.gserviceaccount.com"
    error_message = "Rights in Apigee are granted in the organisation's project."
  }
  assert {
    condition     = google_project_iam_member.console_firestore[0].role == "roles/datastore.user" && google_project_iam_member.console_firestore[0].condition[0].expression == "resource.name == \"projects/my-portal/databases/portal\""
    error_message = "The console reaches the portal's database only."
  }
  assert {
    condition     = google_project_iam_custom_role.console_schedule[0].permissions == toset(["cloudscheduler.jobs.enable", "cloudscheduler.jobs.get", "cloudscheduler.jobs.pause", "cloudscheduler.jobs.run"])
    error_message = "The console sees, pauses, resumes and runs the schedule, and changes no job."
  }
  assert {
    condition = (
      alltrue([for worker in [module.requests, module.batches] : worker.publishers["console"] == "serviceAccount:developer-sync-console@my-portal.iam.gserviceaccount.com"])
      && toset([for grant in google_pubsub_subscription_iam_member.console : "${grant.role} ${grant.subscription}"]) == toset(["roles/pubsub.subscriber ${module.requests.hold}", "roles/pubsub.subscriber ${module.batches.hold}"])
    )
    error_message = "The console asks for runs, and publishes dead letters again; it takes no message from a worker."
  }
}

run "editing" {
  variables {
    console = { members = ["user:ada@example.com"], operators = ["ada@example.com"], edit_developers = true, max_instances = 1, memory = "1Gi" }
  }
  assert {
    condition     = setsubtract(google_project_iam_custom_role.console_apigee[0].permissions, google_project_iam_custom_role.apigee["reader"].permissions) == toset(["apigee.developerapps.get", "apigee.developerapps.list", "apigee.developers.create", "apigee.developers.update", "apigee.developers.delete"])
    error_message = "An account that edits may create, update and delete developers, and only look at apps."
  }
  assert {
    condition     = google_project_iam_custom_role.apigee["writer"].permissions == toset(["apigee.developers.get", "apigee.developers.list", "apigee.developers.create", "apigee.developers.update"])
    error_message = "What the console may do gives the functions no right."
  }
  assert {
    condition     = contains([for variable in google_cloud_run_v2_service.console[0].template[0].containers[0].env : "${variable.name}=${variable.value}"], "CONSOLE_EDIT_DEVELOPERS=true")
    error_message = "The console knows that it may edit."
  }
  assert {
    condition     = strcontains({ for variable in google_cloud_run_v2_service.console[0].template[0].containers[0].env : variable.name => variable.value }["NODE_OPTIONS"], "--max-old-space-size=512 ")
    error_message = "Half of the memory is for JavaScript's lasting objects."
  }
}

run "predefined_roles" {
  variables {
    apigee = { org = "my-apigee", predefined_role = true }
  }
  assert {
    condition     = length(google_project_iam_custom_role.console_apigee) == 0 && google_project_iam_member.console_apigee[0].role == "roles/apigee.readOnlyAdmin"
    error_message = "Where Apigee's own roles are used, a console that only reads gets the one that only reads."
  }
}

run "edge" {
  variables {
    apigee  = { org = "my-edge", type = "edge" }
    secrets = { edge_username = { id = "edge-user", version = "3" }, edge_password = { id = "edge-password", version = "7" } }
  }
  assert {
    condition = {
      for variable in google_cloud_run_v2_service.console[0].template[0].containers[0].env : variable.name => "${variable.value_source[0].secret_key_ref[0].secret} ${variable.value_source[0].secret_key_ref[0].version}" if length(variable.value_source) > 0
    } == { APIGEE_USERNAME = "edge-user 3", APIGEE_PASSWORD = "edge-password 7" }
    error_message = "Credentials come from Secret Manager, with pinned versions."
  }
  assert {
    condition     = length(google_project_iam_member.console_apigee) == 0 && alltrue([for secret in module.secret : contains(secret.readers, "console")])
    error_message = "On Edge the console reads the secrets, and has no role of Google's."
  }
}

run "outside_an_organisation" {
  command = plan
  override_data {
    target = data.google_project.this
    values = { number = "123456789", org_id = "", folder_id = "" }
  }
  expect_failures = [google_cloud_run_v2_service.console]
}

run "image_by_tag" {
  command = plan
  variables {
    console_image = "europe-west1-docker.pkg.dev/my-portal/developer-sync/console:latest"
  }
  expect_failures = [var.console_image]
}

run "no_image" {
  command = plan
  variables {
    console_image = null
  }
  expect_failures = [var.console]
}

run "nobody_let_in" {
  command = plan
  variables {
    console = { members = [], admins = ["ada@example.com"] }
  }
  expect_failures = [var.console]
}

run "everybody_let_in" {
  command = plan
  variables {
    console = { members = ["allAuthenticatedUsers"], admins = ["ada@example.com"] }
  }
  expect_failures = [var.console]
}

run "nobody_with_a_role" {
  command = plan
  variables {
    console = { members = ["user:ada@example.com"] }
  }
  expect_failures = [var.console]
}

run "role_for_a_group" {
  command = plan
  variables {
    console = { members = ["group:api-team@example.com"], operators = ["group:api-team@example.com"] }
  }
  expect_failures = [var.console]
}

run "operators_by_domain" {
  command = plan
  variables {
    console = { members = ["domain:example.com"], operators = ["domain:example.com"] }
  }
  expect_failures = [var.console]
}
