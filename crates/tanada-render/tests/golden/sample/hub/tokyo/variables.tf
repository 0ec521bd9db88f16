# Written by tanada; change `network/`, not this file.
variable "account_network" {
  description = "Id of the AWS account `network`."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_network))
    error_message = "An AWS account id has twelve digits."
  }
}

variable "account_unknown_one" {
  description = "Id of the AWS account `unknown-one`."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_unknown_one))
    error_message = "An AWS account id has twelve digits."
  }
}

variable "attachment_osaka" {
  description = "Id of the Transit Gateway attachment `osaka`, which something else made."
  type        = string

  validation {
    condition     = can(regex("^tgw-attach-[0-9a-f]+$", var.attachment_osaka))
    error_message = "The id of a Transit Gateway attachment is tgw-attach- and hexadecimal digits."
  }
}
