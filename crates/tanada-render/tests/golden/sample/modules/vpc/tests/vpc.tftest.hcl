# What this module promises, tried without a cloud: `terraform init && terraform test` in modules/vpc.
# Addresses are those that are reserved for documentation, so that a search for one of the estate finds none of these.

mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { region = "ap-northeast-1" }
  }
}

mock_provider "aws" {
  alias = "hub"
}

variables {
  name                = "m3-web-production"
  blocks              = ["192.0.2.0/24"]
  zones               = { a = "apne1-az4", c = "apne1-az1" }
  flow_log_bucket_arn = "arn:aws:s3:::m3-flow-logs"

  subnets = [
    { name = "private-a", tier = "private", zone = "a", cidr = "192.0.2.0/26" },
    { name = "private-c", tier = "private", zone = "c", cidr = "192.0.2.64/26" },
    { name = "public-a", tier = "public", zone = "a", cidr = "192.0.2.160/28" },
    { name = "public-c", tier = "public", zone = "c", cidr = "192.0.2.176/28" },
    { name = "transit-a", tier = "transit", zone = "a", cidr = "192.0.2.192/28" },
    { name = "transit-c", tier = "transit", zone = "c", cidr = "192.0.2.208/28" },
  ]

  acls = [
    {
      tier = "private"
      ingress = [
        { number = 8400, action = "allow", protocol = "-1", from = 0, to = 0, cidr = "192.0.2.0/24", why = "inside the VPC" },
        { number = 17400, action = "deny", protocol = "-1", from = 0, to = 0, cidr = "198.18.0.0/15", why = "nobody else of the estate" },
        { number = 32500, action = "allow", protocol = "icmp", from = 0, to = 0, cidr = "0.0.0.0/0", why = "errors on the way" },
      ]
      egress = [
        { number = 8400, action = "allow", protocol = "-1", from = 0, to = 0, cidr = "192.0.2.0/24", why = "inside the VPC" },
        { number = 32500, action = "allow", protocol = "tcp", from = 443, to = 443, cidr = "0.0.0.0/0", why = "out to the internet" },
      ]
    },
    {
      tier    = "public"
      ingress = [{ number = 8400, action = "allow", protocol = "-1", from = 0, to = 0, cidr = "192.0.2.0/24", why = "inside the VPC" }]
      egress  = [{ number = 8400, action = "allow", protocol = "-1", from = 0, to = 0, cidr = "192.0.2.0/24", why = "inside the VPC" }]
    },
    { tier = "transit", ingress = [], egress = [] },
  ]
}

run "alone" {
  assert {
    condition     = aws_vpc.this.cidr_block == "192.0.2.0/24" && length(aws_vpc_ipv4_cidr_block_association.this) == 0
    error_message = "The first block is the VPC's own."
  }

  assert {
    condition     = { for name, subnet in aws_subnet.this : name => subnet.cidr_block } == { for row in var.subnets : row.name => row.cidr }
    error_message = "There is one subnet for each row, with that row's block."
  }

  assert {
    condition     = { for name, subnet in aws_subnet.this : name => subnet.availability_zone_id } == { for row in var.subnets : row.name => var.zones[row.zone] }
    error_message = "A subnet stands in the zone of its row."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.this : subnet.map_public_ip_on_launch != true])
    error_message = "No subnet gives public addresses to what starts in it."
  }

  assert {
    condition     = { for name, association in aws_route_table_association.this : name => association.route_table_id } == { for row in var.subnets : row.name => aws_route_table.this["${row.tier}-${row.zone}"].id }
    error_message = "A subnet has the route table of its tier and zone."
  }

  assert {
    condition     = length(aws_route_table.this) == 6 && length(aws_route.this) == 0
    error_message = "There is one route table for each tier and zone, and no route but those that rows ask for."
  }

  assert {
    condition     = length(aws_default_security_group.this.ingress) == 0 && length(aws_default_security_group.this.egress) == 0
    error_message = "The default security group lets nothing pass."
  }

  assert {
    condition     = aws_flow_log.this[0].traffic_type == "ALL" && aws_flow_log.this[0].log_destination == var.flow_log_bucket_arn && aws_flow_log.this[0].vpc_id == aws_vpc.this.id
    error_message = "The flow log of all traffic goes to the bucket."
  }

  assert {
    condition     = length(aws_internet_gateway.this) + length(aws_nat_gateway.this) + length(aws_vpc_endpoint.gateway) + length(aws_ec2_transit_gateway_vpc_attachment.this) == 0
    error_message = "There is no way out that nobody asked for."
  }

  assert {
    condition     = toset(keys(aws_network_acl.this)) == toset(["private", "public", "transit"])
    error_message = "Each tier has an ACL."
  }

  assert {
    condition     = aws_network_acl.this["private"].subnet_ids == toset([aws_subnet.this["private-a"].id, aws_subnet.this["private-c"].id])
    error_message = "The ACL of a tier holds that tier's subnets and no others."
  }

  assert {
    condition     = { for rule in aws_network_acl.this["private"].ingress : rule.rule_no => "${rule.action} ${rule.cidr_block}" } == { 8400 = "allow 192.0.2.0/24", 17400 = "deny 198.18.0.0/15", 32500 = "allow 0.0.0.0/0" }
    error_message = "Rules have the numbers, actions and blocks of their rows."
  }

  assert {
    condition     = [for rule in aws_network_acl.this["private"].egress : "${rule.protocol} ${rule.from_port}-${rule.to_port}" if rule.rule_no == 32500] == ["tcp 443-443"]
    error_message = "Rules have the protocol and the ports of their rows."
  }

  assert {
    condition     = [for rule in aws_network_acl.this["private"].ingress : "${rule.icmp_type} ${rule.icmp_code}" if rule.protocol == "icmp"] == ["-1 -1"]
    error_message = "ICMP means every type of it."
  }

  assert {
    condition     = length(aws_network_acl.this["transit"].ingress) == 0 && length(aws_network_acl.this["transit"].egress) == 0
    error_message = "A tier without rows lets nothing pass."
  }
}

# Growth adds rows. What was there stays what it was.
run "grown" {
  variables {
    subnets = [
      { name = "private-a", tier = "private", zone = "a", cidr = "192.0.2.0/26" },
      { name = "private-c", tier = "private", zone = "c", cidr = "192.0.2.64/26" },
      { name = "public-a", tier = "public", zone = "a", cidr = "192.0.2.160/28" },
      { name = "public-c", tier = "public", zone = "c", cidr = "192.0.2.176/28" },
      { name = "transit-a", tier = "transit", zone = "a", cidr = "192.0.2.192/28" },
      { name = "transit-c", tier = "transit", zone = "c", cidr = "192.0.2.208/28" },
      { name = "private-a-2", tier = "private", zone = "a", cidr = "192.0.2.128/27" },
    ]
  }

  assert {
    condition     = output.vpc_id == run.alone.vpc_id && output.route_table_ids == run.alone.route_table_ids
    error_message = "A new subnet brings no VPC and no route table."
  }

  assert {
    condition     = { for name, id in output.subnet_ids.private : name => id if name != "private-a-2" } == run.alone.subnet_ids.private
    error_message = "A new subnet replaces no other."
  }

  assert {
    condition     = aws_route_table_association.this["private-a-2"].route_table_id == run.alone.route_table_ids["private-a"]
    error_message = "A new subnet joins the route table of its tier and zone."
  }

  assert {
    condition     = contains(aws_network_acl.this["private"].subnet_ids, aws_subnet.this["private-a-2"].id) && length(aws_network_acl.this["private"].subnet_ids) == 3
    error_message = "A new subnet joins the ACL of its tier."
  }
}

run "second_block" {
  variables {
    blocks = ["192.0.2.0/24", "198.51.100.0/24"]
  }

  assert {
    condition     = output.vpc_id == run.alone.vpc_id && output.subnet_ids == run.alone.subnet_ids
    error_message = "A further block replaces nothing."
  }

  assert {
    condition     = toset(keys(aws_vpc_ipv4_cidr_block_association.this)) == toset(["198.51.100.0/24"])
    error_message = "A further block is joined to the VPC."
  }
}

run "no_flow_log" {
  command = plan

  variables {
    flow_log_bucket_arn = null
  }

  assert {
    condition     = length(aws_flow_log.this) == 0
    error_message = "Without a bucket there is no flow log."
  }
}
