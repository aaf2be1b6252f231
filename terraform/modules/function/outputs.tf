output "name" {
  description = "Name of the function and of its Cloud Run service."
  value       = google_cloudfunctions2_function.this.name
}

output "uri" {
  description = "run.app address of the service: endpoint and audience of push requests."
  value       = google_cloudfunctions2_function.this.service_config[0].uri
}

output "function" {
  description = "The function as deployed."
  value       = google_cloudfunctions2_function.this
}

output "invoker" {
  description = "Who may call it: role and member."
  value = {
    role   = google_cloud_run_v2_service_iam_member.invoker.role
    member = google_cloud_run_v2_service_iam_member.invoker.member
  }
}
