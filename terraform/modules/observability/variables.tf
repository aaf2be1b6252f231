terraform {
  required_version = ">= 1.11"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.45"
    }
    time = {
      source  = "hashicorp/time"
      version = "~> 0.13"
    }
  }
}

variable "project" {
  description = "Project of the functions and of the metrics."
  type        = string
}

variable "name" {
  description = "Begins the names of metrics, alerts and dashboard."
  type        = string
}

variable "database" {
  description = "Id of the Firestore database."
  type        = string
}

variable "labels" {
  description = "Labels of the alerts and the dashboard."
  type        = map(string)
}

variable "settings" {
  description = "When to alert whom."
  type = object({
    notification_channels  = list(string)
    runbook_url            = string
    freshness_minutes      = number
    oldest_message_minutes = number
    failures_per_hour      = number
    slo                    = object({ edit_seconds = number, edits_goal = number, runs_goal = number })
  })
}

variable "services" {
  description = "Cloud Run services of the functions."
  type        = object({ fan_out = string, reconcile_batch = string, push_portal_edit = string })
}

variable "console" {
  description = "Cloud Run service of the console, whose log counts too; null where there is none."
  type        = string
  default     = null
}

variable "pull" {
  description = "What brings edits in Apigee to the portal: Cloud Run service, push subscription, the one that keeps dead letters, and the log sink where there is one; null where it is off."
  type        = object({ service = string, subscription = string, hold = string, sink = string })
  default     = null
}

variable "subscriptions" {
  description = "Names of the push subscriptions, and of those that keep dead letters."
  type        = object({ work = list(string), hold = list(string) })
}
