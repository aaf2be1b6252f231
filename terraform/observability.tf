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
  subscriptions = {
    work = [module.requests.subscription, module.batches.subscription]
    hold = [module.requests.hold, module.batches.hold]
  }
}
