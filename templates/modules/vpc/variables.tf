variable "name" {
  description = "Name tag of the VPC. Every other Name tag is this and a part: name-private-a."
  type        = string
}

variable "blocks" {
  description = "IPv4 blocks of the VPC. The first can never change; the others may come and go."
  type        = list(string)

  validation {
    condition     = length(var.blocks) > 0 && length(distinct(var.blocks)) == length(var.blocks)
    error_message = "A VPC has one block or more, each written once."
  }
}

variable "zones" {
  description = "Availability Zone ids by letter. An id is the same zone in every account; a zone's name is not."
  type        = map(string)
}

variable "subnets" {
  description = "One row a subnet. The name is its key in the state: tier-zone, with a number for what growth has added."
  type = list(object({
    name = string
    tier = string
    zone = string
    cidr = string
  }))
}

variable "routes" {
  description = "One row a route of a tier; it stands in each of the tier's route tables. Target: transit, internet, or nat."
  type = list(object({
    tier   = string
    to     = string
    target = string
    cidr   = string
  }))
  default = []

  validation {
    condition     = alltrue([for route in var.routes : contains(["transit", "internet", "nat"], route.target)])
    error_message = "The target of a route is transit, internet, or nat."
  }
}

variable "internet_gateway" {
  description = "Whether the VPC has an internet gateway."
  type        = bool
  default     = false
}

variable "nat_gateways" {
  description = "One row a NAT gateway: its zone, and the subnet that holds it. A single one serves every zone."
  type = list(object({
    zone   = string
    subnet = string
  }))
  default = []
}

variable "gateway_endpoints" {
  description = "One row a gateway endpoint: the service (s3, dynamodb), and the tiers that reach it."
  type = list(object({
    service = string
    tiers   = set(string)
  }))
  default = []
}

variable "acls" {
  description = "Network ACLs: one for each tier, with one row a rule. The reason is for the reader; AWS has no place for it."
  type = list(object({
    tier = string
    ingress = list(object({
      number   = number
      action   = string
      protocol = string
      from     = number
      to       = number
      cidr     = string
      why      = string
    }))
    egress = list(object({
      number   = number
      action   = string
      protocol = string
      from     = number
      to       = number
      cidr     = string
      why      = string
    }))
  }))

  validation {
    condition = alltrue(flatten([
      for acl in var.acls : [
        for rules in [acl.ingress, acl.egress] : length(distinct([for rule in rules : rule.number])) == length(rules)
      ]
    ]))
    error_message = "In one direction of an ACL each number stands once."
  }

  validation {
    condition     = alltrue(flatten([for acl in var.acls : [for rule in concat(acl.ingress, acl.egress) : rule.number >= 1 && rule.number <= 32766]]))
    error_message = "The number of a rule lies between 1 and 32766."
  }
}

variable "flow_log_bucket_arn" {
  description = "S3 bucket that receives the flow log of all traffic; null for none."
  type        = string
  default     = null
}

variable "transit" {
  description = "Transit Gateway attachment: the gateway's Name, the tier that carries the attachment, the segment joined, the segments that learn the VPC's blocks, their static routes that lead here, whether the gateway belongs to another account and has to accept, and whether a firewall inside needs both directions of a flow in one zone."
  type = object({
    gateway      = string
    tier         = string
    segment      = string
    propagate_to = set(string)
    routes = optional(list(object({
      segment = string
      to      = string
      cidr    = string
    })), [])
    accept         = optional(bool, false)
    appliance_mode = optional(bool, false)
  })
  default = null
}
