locals {
  database = var.firestore.create_database ? google_firestore_database.portal[0].name : var.firestore.database

  state_collections = {
    links      = "${var.state_prefix}Links"
    scratch    = "${var.state_prefix}DryLinks"
    runs       = "${var.state_prefix}Runs"
    batches    = "${var.state_prefix}Batches"
    control    = "${var.state_prefix}Control"
    rejections = "${var.state_prefix}Rejections"
    allowance  = "${var.state_prefix}Allowance"
    audit      = "${var.state_prefix}Audit"
    changes    = "${var.state_prefix}Changes"
    planned    = "${var.state_prefix}Planned"
  }

  # Fields that no query asks for: indexing them would make every write slower and dearer. No query needs a composite
  # index.
  unindexed_fields = {
    links      = ["developer", "base", "attempts", "deactivationIntent", "owesDeletion", "tombstone", "hold", "failure", "lease", "history", "last", "keyHash", "expireAt"]
    scratch    = ["developer", "base", "attempts", "deactivationIntent", "owesDeletion", "tombstone", "hold", "failure", "lease", "history", "last", "keyHash", "expireAt"]
    runs       = ["walks", "calls", "traffic", "totals", "gate", "expireAt"]
    batches    = ["people", "result", "after", "through", "range", "listed", "expireAt"]
    rejections = ["reason", "source", "expireAt"]
    allowance  = ["minutes", "taken", "expireAt"]
    audit      = ["operator", "reason", "person", "fields", "end", "expireAt"]
    changes    = ["id", "key", "at", "situation", "reason", "userId", "developerId", "mapping", "destructive", "acts", "fields", "expireAt"]
    planned    = ["id", "key", "at", "situation", "reason", "userId", "developerId", "mapping", "destructive", "acts", "fields", "expireAt"]
  }

  # Documents of these are deleted by Firestore when the time in this field has come. Links have one only where nobody is
  # left on either side.
  expiry_field         = "expireAt"
  expiring_collections = ["links", "scratch", "runs", "batches", "rejections", "allowance", "audit", "changes", "planned"]

  exempt_fields = merge([
    for collection, fields in local.unindexed_fields : {
      for field in fields : "${collection}.${field}" => {
        collection = local.state_collections[collection]
        field      = field
        expires    = field == local.expiry_field && contains(local.expiring_collections, collection)
      }
    }
  ]...)
}

resource "google_firestore_database" "portal" {
  count = var.firestore.create_database ? 1 : 0

  project                           = local.project
  name                              = var.firestore.database
  location_id                       = var.firestore.location
  type                              = "FIRESTORE_NATIVE"
  database_edition                  = "STANDARD"
  delete_protection_state           = "DELETE_PROTECTION_ENABLED"
  deletion_policy                   = "ABANDON"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"

  dynamic "cmek_config" {
    for_each = try(var.encryption.database_key, null) == null ? [] : [var.encryption.database_key]
    iterator = key
    content {
      kms_key_name = key.value
    }
  }

  depends_on = [google_kms_crypto_key_iam_member.database]
}

# Of the whole database, the portal's collections too: links and portal users are restored from the same moment
# (docs/runbook.md, Restoring).
resource "google_firestore_backup_schedule" "portal" {
  count = var.firestore.backup_days == 0 ? 0 : 1

  project   = local.project
  database  = local.database
  retention = "${var.firestore.backup_days * 86400}s"

  daily_recurrence {}
}

resource "google_firestore_field" "exempt" {
  for_each = local.exempt_fields

  project    = local.project
  database   = local.database
  collection = each.value.collection
  field      = each.value.field

  # Empty: no index at all.
  index_config {}

  dynamic "ttl_config" {
    for_each = each.value.expires ? [1] : []
    content {}
  }
}
