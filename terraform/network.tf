# The way out of the functions and the console: as everything of Google's goes, unless `network` names another.
locals {
  egress = var.network == null ? null : {
    network     = var.network.network
    subnetwork  = var.network.subnetwork
    tags        = var.network.tags
    all_traffic = var.network.all_traffic
    egress      = var.network.all_traffic ? "VPC_EGRESS_ALL_TRAFFIC" : "VPC_EGRESS_PRIVATE_RANGES_ONLY"
  }
  fixed_addresses = var.network == null ? 0 : var.network.fixed_addresses
}

# Addresses for a list of who may call: what leaves through the subnetwork comes from one of these.
resource "google_compute_address" "egress" {
  count = local.fixed_addresses

  project = local.project
  region  = var.region
  name    = "${var.name}-egress-${count.index}"
}

resource "google_compute_router" "egress" {
  count = local.fixed_addresses > 0 ? 1 : 0

  project = local.project
  region  = var.region
  name    = "${var.name}-egress"
  network = var.network.network
}

resource "google_compute_router_nat" "egress" {
  count = local.fixed_addresses > 0 ? 1 : 0

  project                            = local.project
  region                             = var.region
  name                               = "${var.name}-egress"
  router                             = google_compute_router.egress[0].name
  nat_ip_allocate_option             = "MANUAL_ONLY"
  nat_ips                            = google_compute_address.egress[*].self_link
  source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"

  subnetwork {
    name                    = var.network.subnetwork
    source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
  }

  log_config {
    enable = true
    filter = "ERRORS_ONLY"
  }
}
