# Wrong settings are refused, with what to set instead, before anything is made.
mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789" }
  }
}

variables {
  project   = "my-portal"
  region    = "europe-west1"
  apigee    = { org = "my-apigee" }
  firestore = { location = "europe-west1" }
  # No warnings: nobody relies on this yet.
  schedule       = { paused = true }
  source_archive = "./tests/setup.txt"
  # terraform test refuses to apply with the default of an ephemeral variable.
  secret_values = {}
}

run "budget_too_small_for_one_person" {
  command = plan
  variables {
    apigee = { org = "my-apigee", calls_per_minute = 59 }
  }
  expect_failures = [var.apigee]
}

run "budget_over_the_limit_of_an_organisation" {
  command = plan
  variables {
    apigee = { org = "my-apigee", calls_per_minute = 6001 }
  }
  expect_failures = [var.apigee]
}

run "unknown_type" {
  command = plan
  variables {
    apigee = { org = "my-apigee", type = "X" }
  }
  expect_failures = [var.apigee]
}

run "endpoint_with_version" {
  command = plan
  variables {
    apigee = { org = "my-apigee", endpoint = "https://eu-apigee.googleapis.com/v1" }
  }
  expect_failures = [var.apigee]
}

run "edge_without_credentials" {
  command = plan
  variables {
    apigee = { org = "my-edge", type = "edge" }
  }
  expect_failures = [var.secrets]
}

run "secret_without_value" {
  command = plan
  variables {
    secret_revisions = { log_hash_key = 1 }
  }
  expect_failures = [var.secret_revisions]
}

run "secret_twice" {
  command = plan
  variables {
    secrets          = { log_hash_key = { id = "key", version = "1" } }
    secret_revisions = { log_hash_key = 1 }
    secret_values    = { log_hash_key = "0123456789abcdef" }
  }
  expect_failures = [var.secrets]
}

run "secret_of_any_version" {
  command = plan
  variables {
    secrets = { log_hash_key = { id = "key", version = "latest" } }
  }
  expect_failures = [var.secrets]
}

run "short_hash_key" {
  command = plan
  variables {
    secret_revisions = { log_hash_key = 1 }
    secret_values    = { log_hash_key = "short" }
  }
  expect_failures = [var.secret_values]
}

run "multi_region_for_functions" {
  command = plan
  variables {
    region = "eur3"
  }
  expect_failures = [var.region]
}

run "project_number" {
  command = plan
  variables {
    project = "123456789"
  }
  expect_failures = [var.project]
}

run "long_name" {
  command = plan
  variables {
    name = "developer-synchronisation"
  }
  expect_failures = [var.name]
}

run "document_instead_of_collection" {
  command = plan
  variables {
    portal = { collection = "tenants/main" }
  }
  expect_failures = [var.portal]
}

run "mapping_in_a_file" {
  command = plan
  variables {
    portal = { mapping = "@mapping.json" }
  }
  expect_failures = [var.portal]
}

run "unknown_policy" {
  command = plan
  variables {
    policies = { portal_delete = "recreate" }
  }
  expect_failures = [var.policies]
}

run "half_a_percent" {
  command = plan
  variables {
    policies = { destructive_limit_percent = 0.5 }
  }
  expect_failures = [var.policies]
}

run "cron_with_seconds" {
  command = plan
  variables {
    schedule = { full = "0 0 3 * * *" }
  }
  expect_failures = [var.schedule]
}

run "many_requests_on_half_a_cpu" {
  command = plan
  variables {
    functions = { fan_out = { cpu = 0.5 } }
  }
  expect_failures = [var.functions]
}

run "more_than_a_day_without_a_run" {
  command = plan
  variables {
    alerts = { freshness_minutes = 1440 }
  }
  expect_failures = [var.alerts]
}

run "few_deliveries" {
  command = plan
  variables {
    max_delivery_attempts = 4
  }
  expect_failures = [var.max_delivery_attempts]
}

run "no_archive" {
  command = plan
  variables {
    source_archive = "./dist/missing.zip"
  }
  expect_failures = [var.source_archive]
}

run "mapping_as_object" {
  command = plan
  variables {
    portal = { mapping = { email = "mail", userName = null, attributes = { company = "org.name" } } }
  }
  assert {
    condition     = jsondecode(local.environment["PORTAL_MAPPING"]) == { email = "mail", userName = null, attributes = { company = "org.name" } }
    error_message = "An object becomes JSON, null included."
  }
}

run "mapping_as_text" {
  command = plan
  variables {
    portal = { mapping = "{\"email\":\"mail\"}" }
  }
  assert {
    condition     = local.environment["PORTAL_MAPPING"] == "{\"email\":\"mail\"}"
    error_message = "JSON stays as it is."
  }
}
