locals {
  secret_variables = merge(
    { log_hash_key = "LOG_HASH_KEY" },
    local.is_edge ? { edge_username = "APIGEE_USERNAME", edge_password = "APIGEE_PASSWORD" } : {},
  )
  used_secrets = { for key, variable in local.secret_variables : key => variable if var.secrets[key] != null || var.secret_revisions[key] != null }

  # Environment variable to secret and version.
  secret_environment = { for key, variable in local.used_secrets : variable => module.secret[key].reference }
}

module "secret" {
  source   = "./modules/secret"
  for_each = local.used_secrets

  project  = local.project
  name     = "${var.name}-${replace(each.key, "_", "-")}"
  region   = var.region
  kms_key  = local.kms_key
  existing = var.secrets[each.key]
  revision = var.secret_revisions[each.key]
  value    = var.secret_values[each.key]
  readers = merge(
    { for key, account in google_service_account.function : key => account.member },
    local.console_on ? { console = google_service_account.console[0].member } : {},
    local.pull_on ? { pull = google_service_account.pull[0].member } : {},
  )
  labels = var.labels

  depends_on = [google_kms_crypto_key_iam_member.agent]
}
