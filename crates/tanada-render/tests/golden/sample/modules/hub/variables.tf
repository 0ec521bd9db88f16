variable "name" {
  description = "Name tag of the Transit Gateway; a segment's Name tag is this and the segment: name-production. VPCs find both by it."
  type        = string
}

variable "asn" {
  description = "AS number of the gateway's side of BGP."
  type        = number

  validation {
    condition     = var.asn >= 64512 && var.asn <= 65534 || var.asn >= 4200000000 && var.asn <= 4294967294
    error_message = "The AS number is a private one: 64512 to 65534, or 4200000000 to 4294967294."
  }
}

variable "segments" {
  description = "One row a segment, which is a route table; its blackholes are the blocks that it must never reach."
  type = list(object({
    name = string
    blackholes = optional(list(object({
      to   = string
      cidr = string
    })), [])
  }))

  validation {
    condition     = length(distinct([for segment in var.segments : segment.name])) == length(var.segments)
    error_message = "Each segment stands once."
  }
}

variable "attachments" {
  description = "One row an attachment that something else made: its id, the segment joined, the segments that learn its routes, and the static routes that lead to it."
  type = list(object({
    name         = string
    id           = string
    segment      = string
    propagate_to = set(string)
    routes = optional(list(object({
      segment = string
      to      = string
      cidr    = string
    })), [])
  }))
  default = []
}

variable "share_with" {
  description = "One row an account of the organisation that may attach VPCs."
  type = list(object({
    name    = string
    account = string
  }))
  default = []

  validation {
    condition     = alltrue([for share in var.share_with : can(regex("^[0-9]{12}$", share.account))])
    error_message = "An AWS account id has twelve digits."
  }
}
