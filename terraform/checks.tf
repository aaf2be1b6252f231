# Said at every plan, and no obstacle: what is most easily forgotten before people rely on this.
locals {
  # The mapping is an object, or the JSON of one.
  verifies_emails = try(jsondecode(tostring(var.portal.mapping)).emailVerified, var.portal.mapping.emailVerified, null) != null
}

check "somebody_is_told" {
  assert {
    condition     = length(var.alerts.notification_channels) > 0 || var.schedule.paused
    error_message = "alerts.notification_channels is empty: alerts reach nobody. Name a channel of Cloud Monitoring before people rely on this."
  }
}

check "verified_emails" {
  assert {
    condition     = local.verifies_emails || var.schedule.paused
    error_message = "portal.mapping names no field for emailVerified: whoever registers with somebody else's address gets that developer's apps shown as theirs. Name the field, unless the portal lets nobody in before the address is verified."
  }
}
