locals {
  requests_topic = "${var.name}-requests"
  batches_topic  = "${var.name}-batches"

  total_instances = sum(concat([for size in values(var.functions) : size.max_instances], local.console_on ? [var.console.max_instances] : [], local.pull_on ? [var.pull.max_instances] : []))

  # What all three functions are told; null leaves the product's own default.
  environment_values = {
    APIGEE_ORG                = var.apigee.org
    APIGEE_TYPE               = var.apigee.type
    APIGEE_ENDPOINT           = var.apigee.endpoint
    APIGEE_CALLS_PER_MINUTE   = var.apigee.calls_per_minute
    BATCHES_AT_ONCE           = var.functions.reconcile_batch.concurrency
    GOOGLE_CLOUD_PROJECT      = var.project
    FIRESTORE_DATABASE        = var.firestore.database
    PORTAL_COLLECTION         = var.portal.collection
    PORTAL_MAPPING            = try(tostring(var.portal.mapping), jsonencode(var.portal.mapping))
    PORTAL_FILTER             = var.portal.filter
    PORTAL_SELECT             = var.portal.select
    PORTAL_UNSELECT_POLICY    = var.portal.unselect
    MAIL_COLLECTION           = try(var.portal.mail.collection, null)
    MAIL_TEMPLATE             = var.portal.mail == null ? null : try(tostring(var.portal.mail.template), jsonencode(var.portal.mail.template))
    STATE_PREFIX              = var.state_prefix
    CONFLICT_POLICY           = var.policies.conflict
    PORTAL_DELETE_POLICY      = var.policies.portal_delete
    APIGEE_DELETE_POLICY      = var.policies.apigee_delete
    DESTRUCTIVE_LIMIT         = var.policies.destructive_limit
    DESTRUCTIVE_LIMIT_PERCENT = var.policies.destructive_limit_percent
    CREATION_LIMIT            = var.policies.creation_limit
    APPROVAL                  = var.policies.approval
    FORGET_DAYS               = var.policies.forget_days
    UNDO_DAYS                 = var.policies.undo_days
    PULL                      = local.pull_on ? var.pull.mode : null
    SYNC_REQUESTS_TOPIC       = local.requests_topic
    SYNC_BATCHES_TOPIC        = local.batches_topic
    LOG_EXECUTION_ID          = "true"
    NODE_ENV                  = "production"
    NODE_OPTIONS              = "--enable-source-maps"
  }
  environment = { for variable, value in local.environment_values : variable => tostring(value) if value != null }
}
