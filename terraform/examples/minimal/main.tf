# What cannot be left out: Apigee X, the portal users in `portalUsers` of the default database.
terraform {
  required_version = ">= 1.11"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.45"
    }
  }
}

variable "source_archive" {
  description = "The built functions, as npm run build makes them."
  type        = string
  default     = "../../../dist/functions.zip"
}

module "developer_sync" {
  source = "../.."

  project        = "my-portal"
  region         = "europe-west1"
  apigee         = { org = "my-apigee" }
  firestore      = { location = "europe-west1" }
  source_archive = var.source_archive
}

output "manual_run" {
  description = "Command that requests a full dry run."
  value       = module.developer_sync.manual_run
}
