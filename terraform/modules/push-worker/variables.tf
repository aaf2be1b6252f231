variable "common" {
  description = "What the workers have in common. push_account: email as which Pub/Sub calls. pubsub_agent: Pub/Sub's own member."
  type = object({
    project               = string
    ack_deadline_seconds  = number
    max_delivery_attempts = number
    push_account          = string
    pubsub_agent          = string
    labels                = map(string)
    kms_key               = string
  })
}

variable "topic" {
  description = "Name of the topic."
  type        = string
}

variable "endpoint" {
  description = "Address of the service, also the audience of the token."
  type        = string
}

variable "publishers" {
  description = "Members who may publish, by a name known at plan time."
  type        = map(string)
}
