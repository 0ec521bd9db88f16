# Written by tanada; change `network/`, not this file.
variable "account_network" {
  description = "Id of the AWS account `network`."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_network))
    error_message = "An AWS account id has twelve digits."
  }
}
