resource "google_storage_bucket" "source" {
  project                     = local.project
  name                        = "${var.project}-${var.name}-source"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true
  labels                      = var.labels

  lifecycle_rule {
    action {
      type = "Delete"
    }
    # What is deployed was copied when it was built; replaced archives are for going back. The age of an archive counts from
    # when it was made, and one in use for a year would be gone the day after it was replaced.
    condition {
      days_since_noncurrent_time = 365
    }
  }

  dynamic "encryption" {
    for_each = local.kms_key == null ? [] : [local.kms_key]
    iterator = key
    content {
      default_kms_key_name = key.value
    }
  }

  versioning {
    enabled = true
  }

  depends_on = [google_kms_crypto_key_iam_member.agent]
}

# The images of the functions, where only their build writes.
resource "google_artifact_registry_repository" "images" {
  project       = local.project
  location      = var.region
  repository_id = "${var.name}-functions"
  description   = "Images of the functions of ${var.name}, made by Cloud Functions."
  format        = "DOCKER"
  kms_key_name  = local.kms_key
  labels        = var.labels

  # Cloud Run keeps a copy of what it runs; these are for going back.
  cleanup_policies {
    id     = "keep-recent"
    action = "KEEP"
    most_recent_versions {
      keep_count = 5
    }
  }
  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"
    condition {
      older_than = "7776000s"
    }
  }

  depends_on = [google_kms_crypto_key_iam_member.agent]
}

# Named by its content: a changed archive is a new object, and only that makes the functions build anew.
resource "google_storage_bucket_object" "source" {
  bucket = google_storage_bucket.source.name
  name   = "functions-${filesha256(var.source_archive)}.zip"
  source = var.source_archive
}
