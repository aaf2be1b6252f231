# A secret that exists already, or one made from a value that reaches Secret Manager only. Both with the same readers.
terraform {
  required_version = ">= 1.11"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.45"
    }
  }
}

variable "project" {
  description = "Project of the secret."
  type        = string
}

variable "name" {
  description = "Id of the secret, where it is made here."
  type        = string
}

variable "existing" {
  description = "Id and version of a secret that exists; null to make one."
  type        = object({ id = string, version = string })
}

variable "revision" {
  description = "Number of the value; a new number writes the value again."
  type        = number
}

variable "value" {
  description = "The value, where the secret is made here."
  type        = string
  ephemeral   = true
  sensitive   = true
}

variable "region" {
  description = "Where the secret is kept, where it is made here with a key of one's own."
  type        = string
}

variable "kms_key" {
  description = "Key that encrypts it; null for Google's."
  type        = string
}

variable "readers" {
  description = "Members who may read it, by a name known at plan time."
  type        = map(string)
}

variable "labels" {
  description = "Labels of the secret."
  type        = map(string)
}

locals {
  made = var.existing == null ? 1 : 0
  id   = var.existing == null ? google_secret_manager_secret.this[0].secret_id : var.existing.id
}

resource "google_secret_manager_secret" "this" {
  count = local.made

  project   = var.project
  secret_id = var.name
  labels    = var.labels

  # A key is of one region, and the secret has to be there. Where a policy says where data may lie, make the secret
  # yourself, there, and name it in `secrets`.
  replication {
    dynamic "auto" {
      for_each = var.kms_key == null ? [1] : []
      content {}
    }

    dynamic "user_managed" {
      for_each = var.kms_key == null ? [] : [var.kms_key]
      iterator = key
      content {
        replicas {
          location = var.region

          customer_managed_encryption {
            kms_key_name = key.value
          }
        }
      }
    }
  }
}

resource "google_secret_manager_secret_version" "this" {
  count = local.made

  secret                 = google_secret_manager_secret.this[0].id
  secret_data_wo         = var.value
  secret_data_wo_version = var.revision

  # Instances still running read the old version until the new ones have taken over.
  lifecycle {
    create_before_destroy = true
  }
}

resource "google_secret_manager_secret_iam_member" "reader" {
  for_each = var.readers

  project   = var.project
  secret_id = local.id
  role      = "roles/secretmanager.secretAccessor"
  member    = each.value
}

output "reference" {
  description = "Id and version number, as a function names them."
  value = {
    id      = local.id
    version = var.existing == null ? google_secret_manager_secret_version.this[0].version : var.existing.version
  }
}

output "made" {
  description = "Whether it was made here."
  value       = var.existing == null
}

output "grants" {
  description = "Ids of the grants, for whoever has to wait for them."
  value       = values(google_secret_manager_secret_iam_member.reader)[*].id
}

output "readers" {
  description = "Names of those who may read it."
  value       = keys(google_secret_manager_secret_iam_member.reader)
}
