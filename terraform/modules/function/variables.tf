variable "common" {
  description = "What the functions have in common."
  type = object({
    project         = string
    region          = string
    build_account   = string
    source_bucket   = string
    source_object   = string
    environment     = map(string)
    secrets         = map(object({ id = string, version = string }))
    ingress         = string
    labels          = map(string)
    database        = string
    document_filter = string
    repository      = string
    kms_key         = string
    network         = object({ network = string, subnetwork = string, tags = list(string), egress = string })
  })
}

variable "name" {
  description = "Name of the function and of its Cloud Run service."
  type        = string
}

variable "entry_point" {
  description = "Name under which the code registers the function."
  type        = string
}

variable "description" {
  description = "What it does."
  type        = string
}

variable "size" {
  description = "Instances, requests per instance, CPU and memory."
  type = object({
    max_instances = number
    min_instances = number
    concurrency   = number
    cpu           = number
    memory        = string
  })
}

variable "timeout_seconds" {
  description = "For one request."
  type        = number
}

variable "service_account" {
  description = "Email of the account it runs as."
  type        = string
}

variable "invoker" {
  description = "The one member who may call it."
  type        = string
}

variable "trigger" {
  description = "Set: called for every write of a portal document, from the database's region, as this account."
  type        = object({ region = string, service_account = string })
  default     = null
}
