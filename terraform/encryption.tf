# Keys of one's own. Each of Google's services encrypts with its own agent, which has to be let use the key first.
locals {
  kms_key = var.encryption == null ? null : var.encryption.key

  encrypting_agents = var.encryption == null ? {} : {
    artifacts = "service-${data.google_project.this.number}@gcp-sa-artifactregistry"
    functions = "service-${data.google_project.this.number}@gcf-admin-robot"
    pubsub    = "service-${data.google_project.this.number}@gcp-sa-pubsub"
    run       = "service-${data.google_project.this.number}@serverless-robot-prod"
    secrets   = "service-${data.google_project.this.number}@gcp-sa-secretmanager"
    storage   = "service-${data.google_project.this.number}@gs-project-accounts"
  }
}

resource "google_kms_crypto_key_iam_member" "agent" {
  for_each = local.encrypting_agents

  crypto_key_id = local.kms_key
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${each.value}.iam.gserviceaccount.com"
}

resource "google_kms_crypto_key_iam_member" "database" {
  count = try(var.encryption.database_key, null) == null ? 0 : 1

  crypto_key_id = var.encryption.database_key
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-firestore.iam.gserviceaccount.com"
}
