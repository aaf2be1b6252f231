module "observability" {
  source = "./modules/observability"

  project  = local.project
  name     = var.name
  database = var.firestore.database
  labels   = var.labels
  settings = var.alerts

  services = {
    fan_out          = module.fan_out.name
    reconcile_batch  = module.reconcile_batch.name
    push_portal_edit = module.push_portal_edit.name
  }
  console = local.console_on ? local.console_name : null
  pull = local.pull_on ? {
    service      = module.pull_apigee_edit[0].name
    subscription = module.audit[0].subscription
    hold         = module.audit[0].hold
    sink         = local.pull_log ? local.sink_name : null
  } : null
  subscriptions = {
    work = [module.requests.subscription, module.batches.subscription]
    hold = [module.requests.hold, module.batches.hold]
  }
}
