variable "name" {
  description = "Name tag of the Transit Gateway; a segment's Name tag is this and the segment: name-production. VPCs find both by it."
  type        = string
}

variable "asn" {
  description = "AS number of the gateway's side of BGP."
  type        = number
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
}
