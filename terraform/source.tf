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
    # What is deployed was copied when it was built; old archives are only for looking back.
    condition {
      age        = 365
      with_state = "ARCHIVED"
    }
  }

  versioning {
    enabled = true
  }
}

# Named by its content: a changed archive is a new object, and only that makes the functions build anew.
resource "google_storage_bucket_object" "source" {
  bucket = google_storage_bucket.source.name
  name   = "functions-${filesha256(var.source_archive)}.zip"
  source = var.source_archive
}
