# Everything that can be set, with Edge, a mapping of one's own and secrets made from values.
terraform {
  required_version = ">= 1.11"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.45"
    }
  }
}

variable "secret_values" {
  description = "Give it as TF_VAR_secret_values, from where secrets are kept."
  type = object({
    log_hash_key  = string
    edge_username = string
    edge_password = string
  })
  ephemeral = true
  sensitive = true
}

resource "google_monitoring_notification_channel" "operators" {
  project      = "my-portal"
  display_name = "Developer sync operators"
  type         = "email"
  labels       = { email_address = "api-operators@example.com" }
}

variable "source_archive" {
  description = "The built functions, as npm run build makes them."
  type        = string
  default     = "../../../dist/functions.zip"
}

module "developer_sync" {
  source = "../.."

  project = "my-portal"
  region  = "europe-west1"
  name    = "developer-sync"
  labels  = { team = "api-platform" }

  apigee = {
    org              = "my-edge-org"
    type             = "edge"
    endpoint         = "https://api.enterprise.apigee.com"
    calls_per_minute = 1200
  }

  firestore = {
    location        = "eur3"
    database        = "portal"
    create_database = true
    backup_days     = 14
  }

  portal = {
    collection = "tenants/main/users"
    mapping = {
      email         = "contact.mail"
      firstName     = "name.given"
      lastName      = "name.family"
      userName      = null
      emailVerified = "contact.mailVerified"
      attributes = {
        company = "company.name"
        plan    = { path = "billing.plan", direction = "to-portal" }
      }
    }
    filter = "@(example|example-partner)\\.com$"
  }
  state_prefix = "developerSync"

  policies = {
    conflict                  = "merge"
    portal_delete             = "deactivate"
    apigee_delete             = "hold"
    destructive_limit         = 20
    destructive_limit_percent = 2
  }

  schedule = {
    incremental = "*/30 * * * *"
    full        = "7 2 * * 1-5"
    time_zone   = "Europe/Berlin"
    paused      = true
  }

  functions = {
    reconcile_batch  = { max_instances = 8, memory = "2Gi" }
    push_portal_edit = { max_instances = 3, min_instances = 1 }
  }
  max_delivery_attempts = 30
  ingress               = "ALLOW_INTERNAL_ONLY"

  network = {
    network         = "apis"
    subnetwork      = "functions"
    fixed_addresses = 1
    tags            = ["developer-sync"]
  }
  encryption = {
    key          = "projects/my-keys/locations/europe-west1/keyRings/portal/cryptoKeys/sync"
    database_key = "projects/my-keys/locations/europe/keyRings/portal/cryptoKeys/database"
  }

  console_image = "europe-west1-docker.pkg.dev/my-portal/developer-sync/console@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  console = {
    members         = ["group:api-team@example.com"]
    viewers         = ["domain:example.com"]
    operators       = ["ada@example.com", "bo@example.com"]
    admins          = ["cy@example.com"]
    edit_developers = true
    max_instances   = 2
    min_instances   = 0
    memory          = "1Gi"
  }

  pull = {
    mode          = "audit-poll"
    max_instances = 1
    min_instances = 0
    concurrency   = 1000
    memory        = "512Mi"
  }

  secret_revisions = { log_hash_key = 1, edge_username = 1, edge_password = 1 }
  secret_values    = var.secret_values

  alerts = {
    notification_channels  = [google_monitoring_notification_channel.operators.name]
    runbook_url            = "https://github.com/example/apigee-developer-sync/blob/main/docs/runbook.md"
    freshness_minutes      = 180
    oldest_message_minutes = 90
    failures_per_hour      = 10
    slo                    = { edit_seconds = 30, edits_goal = 0.99, runs_goal = 0.99 }
  }

  source_archive = var.source_archive
}

output "developer_sync" {
  description = "Where everything is."
  value       = module.developer_sync
}
