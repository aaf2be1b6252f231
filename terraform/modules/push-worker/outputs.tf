output "topic" {
  description = "Name of the topic."
  value       = google_pubsub_topic.work.name
}

output "topic_id" {
  description = "projects/…/topics/…"
  value       = google_pubsub_topic.work.id
}

output "subscription" {
  description = "Name of the push subscription."
  value       = google_pubsub_subscription.work.name
}

output "hold" {
  description = "Name of the subscription that keeps dead letters."
  value       = google_pubsub_subscription.hold.name
}

output "push" {
  description = "The push subscription as deployed."
  value       = google_pubsub_subscription.work
}

output "dead_letters" {
  description = "The subscription that keeps dead letters, as deployed."
  value       = google_pubsub_subscription.hold
}

output "publishers" {
  description = "Who may publish, by name."
  value       = { for name, grant in google_pubsub_topic_iam_member.publisher : name => grant.member }
}

output "dead_letter_grants" {
  description = "What Pub/Sub itself may do to move dead letters."
  value = {
    publisher  = { for key in ["topic", "role", "member"] : key => google_pubsub_topic_iam_member.dead_letter[key] }
    subscriber = { for key in ["subscription", "role", "member"] : key => google_pubsub_subscription_iam_member.dead_letter[key] }
  }
}
