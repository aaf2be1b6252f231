terraform {
  # 1.11: write-only arguments keep secret values out of plan and state.
  required_version = ">= 1.11"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.45"
    }
    # Grants, service agents and metrics take a while to be known everywhere; without waiting a first apply fails.
    time = {
      source  = "hashicorp/time"
      version = "~> 0.13"
    }
  }
}
