variable "network" {
  description = <<-EOT
    A way out of one's own for the functions and the console (Direct VPC egress); Google's unless set. network,
    subnetwork: names or self links, the subnetwork in var.region, with Private Google Access. all_traffic: everything
    goes there, not private ranges only. fixed_addresses: how many addresses the traffic comes from (Cloud NAT, made
    here), for a list of who may call Apigee; 0 makes none. tags: network tags, for firewall rules.
  EOT
  type = object({
    network         = string
    subnetwork      = string
    all_traffic     = optional(bool, true)
    fixed_addresses = optional(number, 0)
    tags            = optional(list(string), [])
  })
  default = null

  validation {
    condition     = var.network == null ? true : var.network.network != "" && var.network.subnetwork != ""
    error_message = "network: set network and subnetwork to names or self links."
  }
  validation {
    condition     = var.network == null ? true : contains([0, 1, 2, 3, 4], var.network.fixed_addresses)
    error_message = "network.fixed_addresses: set a number from 0 to 4."
  }
  validation {
    condition     = var.network == null ? true : var.network.all_traffic || var.network.fixed_addresses == 0
    error_message = "network.fixed_addresses: they are for traffic to the internet, which all_traffic = false does not send there."
  }
}

variable "encryption" {
  description = <<-EOT
    Keys of one's own (CMEK); Google's unless set. key: in var.region, for functions, images, topics, bucket, console and
    the secrets made here. database_key: for a database that is made here, where the database is.
  EOT
  type = object({
    key          = string
    database_key = optional(string)
  })
  default = null

  validation {
    condition     = var.encryption == null ? true : alltrue([for key in compact([var.encryption.key, var.encryption.database_key]) : can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", key))])
    error_message = "encryption: set keys as projects/P/locations/L/keyRings/R/cryptoKeys/K."
  }
  validation {
    condition     = var.encryption == null ? true : try(regex("^projects/[^/]+/locations/([^/]+)/", var.encryption.key)[0], var.region) == var.region
    error_message = "encryption.key: set a key in var.region."
  }
  validation {
    condition     = try(var.encryption.database_key, null) == null ? true : var.firestore.create_database
    error_message = "encryption.database_key: a database gets its key when it is made; set firestore.create_database, or leave it out."
  }
}
