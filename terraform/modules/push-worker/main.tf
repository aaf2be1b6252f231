# A topic whose messages are pushed to one service, and what becomes of messages that cannot be handled: a dead-letter
# topic with a subscription that keeps them until somebody looks.
terraform {
  required_version = ">= 1.11"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.45"
    }
  }
}

resource "google_pubsub_topic" "work" {
  project      = var.common.project
  name         = var.topic
  labels       = var.common.labels
  kms_key_name = var.common.kms_key
}

resource "google_pubsub_topic" "dead" {
  project      = var.common.project
  name         = "${var.topic}-dead"
  labels       = var.common.labels
  kms_key_name = var.common.kms_key
}

resource "google_pubsub_subscription" "work" {
  project                    = var.common.project
  name                       = "${var.topic}-push"
  topic                      = google_pubsub_topic.work.id
  ack_deadline_seconds       = var.common.ack_deadline_seconds
  message_retention_duration = "604800s"
  labels                     = var.common.labels

  push_config {
    push_endpoint = var.endpoint

    oidc_token {
      service_account_email = var.common.push_account
      audience              = var.endpoint
    }
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead.id
    max_delivery_attempts = var.common.max_delivery_attempts
  }

  # Never, however long the portal is quiet.
  expiration_policy {
    ttl = ""
  }

  depends_on = [google_pubsub_subscription.hold, google_pubsub_topic_iam_member.dead_letter]
}

# What a topic without a subscription is given is lost.
resource "google_pubsub_subscription" "hold" {
  project                    = var.common.project
  name                       = "${var.topic}-dead-hold"
  topic                      = google_pubsub_topic.dead.id
  ack_deadline_seconds       = 60
  message_retention_duration = "2678400s"
  labels                     = var.common.labels

  expiration_policy {
    ttl = ""
  }
}

resource "google_pubsub_topic_iam_member" "publisher" {
  for_each = var.publishers

  project = var.common.project
  topic   = google_pubsub_topic.work.name
  role    = "roles/pubsub.publisher"
  member  = each.value
}

# Pub/Sub moves a dead letter itself: it publishes the one and acknowledges the other.
resource "google_pubsub_topic_iam_member" "dead_letter" {
  project = var.common.project
  topic   = google_pubsub_topic.dead.name
  role    = "roles/pubsub.publisher"
  member  = var.common.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "dead_letter" {
  project      = var.common.project
  subscription = google_pubsub_subscription.work.name
  role         = "roles/pubsub.subscriber"
  member       = var.common.pubsub_agent

  lifecycle {
    replace_triggered_by = [google_pubsub_subscription.work.id]
  }
}
