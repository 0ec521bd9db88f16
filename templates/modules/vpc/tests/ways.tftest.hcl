# The ways out of a VPC, tried without a cloud: internet, NAT, gateway endpoints, Transit Gateway.

mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { region = "ap-northeast-1" }
  }
}

mock_provider "aws" {
  alias = "hub"
}

variables {
  name   = "m3-web-production"
  blocks = ["192.0.2.0/24"]
  zones  = { a = "apne1-az4", c = "apne1-az1" }

  subnets = [
    { name = "private-a", tier = "private", zone = "a", cidr = "192.0.2.0/26" },
    { name = "private-c", tier = "private", zone = "c", cidr = "192.0.2.64/26" },
    { name = "public-a", tier = "public", zone = "a", cidr = "192.0.2.160/28" },
    { name = "public-c", tier = "public", zone = "c", cidr = "192.0.2.176/28" },
    { name = "transit-a", tier = "transit", zone = "a", cidr = "192.0.2.192/28" },
    { name = "transit-c", tier = "transit", zone = "c", cidr = "192.0.2.208/28" },
  ]

  acls = [
    { tier = "private", ingress = [], egress = [] },
    { tier = "public", ingress = [], egress = [] },
    { tier = "transit", ingress = [], egress = [] },
  ]
}

run "internet" {
  variables {
    internet_gateway = true
    nat_gateways     = [{ zone = "a", subnet = "public-a" }, { zone = "c", subnet = "public-c" }]

    routes = [
      { tier = "public", to = "internet", target = "internet", cidr = "0.0.0.0/0" },
      { tier = "private", to = "internet", target = "nat", cidr = "0.0.0.0/0" },
    ]
  }

  assert {
    condition     = toset(keys(aws_route.this)) == toset(["public-a/internet", "public-c/internet", "private-a/internet", "private-c/internet"])
    error_message = "A route of a tier stands in each of the tier's route tables, and in no other."
  }

  assert {
    condition     = aws_route.this["public-a/internet"].gateway_id == aws_internet_gateway.this[0].id
    error_message = "The target `internet` is the internet gateway."
  }

  assert {
    condition     = aws_route.this["private-a/internet"].nat_gateway_id == aws_nat_gateway.this["a"].id && aws_route.this["private-c/internet"].nat_gateway_id == aws_nat_gateway.this["c"].id
    error_message = "With a NAT gateway in each zone, each zone uses its own."
  }

  assert {
    condition     = { for zone, gateway in aws_nat_gateway.this : zone => gateway.subnet_id } == { a = aws_subnet.this["public-a"].id, c = aws_subnet.this["public-c"].id }
    error_message = "A NAT gateway stands in the subnet of its row."
  }

  assert {
    condition     = output.nat_public_ips == { for zone, address in aws_eip.nat : zone => address.public_ip }
    error_message = "The addresses that others see are told."
  }
}

run "one_nat_gateway" {
  variables {
    internet_gateway = true
    nat_gateways     = [{ zone = "a", subnet = "public-a" }]
    routes           = [{ tier = "private", to = "internet", target = "nat", cidr = "0.0.0.0/0" }]
  }

  assert {
    condition     = alltrue([for route in aws_route.this : route.nat_gateway_id == aws_nat_gateway.this["a"].id])
    error_message = "A single NAT gateway serves every zone."
  }

  assert {
    condition     = output.nat_public_ips.a == run.internet.nat_public_ips.a
    error_message = "The address of a NAT gateway outlives that of another zone."
  }
}

run "gateway_endpoint" {
  variables {
    gateway_endpoints = [{ service = "s3", tiers = ["private"] }]
  }

  assert {
    condition     = aws_vpc_endpoint.gateway["s3"].service_name == "com.amazonaws.ap-northeast-1.s3" && aws_vpc_endpoint.gateway["s3"].vpc_endpoint_type == "Gateway"
    error_message = "The endpoint is the gateway to the service in the VPC's region."
  }

  assert {
    condition     = aws_vpc_endpoint.gateway["s3"].route_table_ids == toset([aws_route_table.this["private-a"].id, aws_route_table.this["private-c"].id])
    error_message = "An endpoint is reached from the tiers of its row and from no other."
  }
}

run "attached" {
  variables {
    routes = [{ tier = "private", to = "estate", target = "transit", cidr = "198.18.0.0/15" }]

    transit = {
      gateway      = "m3-tokyo"
      tier         = "transit"
      segment      = "production"
      propagate_to = ["production", "shared"]
      routes       = [{ segment = "staging", to = "everywhere", cidr = "0.0.0.0/0" }]
    }
  }

  assert {
    condition     = aws_ec2_transit_gateway_vpc_attachment.this[0].subnet_ids == toset([aws_subnet.this["transit-a"].id, aws_subnet.this["transit-c"].id])
    error_message = "The attachment stands in the subnets of its tier."
  }

  assert {
    condition     = aws_ec2_transit_gateway_vpc_attachment.this[0].transit_gateway_default_route_table_association == false && aws_ec2_transit_gateway_vpc_attachment.this[0].transit_gateway_default_route_table_propagation == false
    error_message = "The attachment joins no default route table."
  }

  assert {
    condition     = aws_ec2_transit_gateway_vpc_attachment.this[0].appliance_mode_support == "disable"
    error_message = "Appliance mode is for firewalls."
  }

  assert {
    condition     = aws_ec2_transit_gateway_route_table_association.this[0].transit_gateway_route_table_id == data.aws_ec2_transit_gateway_route_table.this["production"].id
    error_message = "The VPC joins one segment."
  }

  assert {
    condition     = { for segment, propagation in aws_ec2_transit_gateway_route_table_propagation.this : segment => propagation.transit_gateway_route_table_id } == { for segment in ["production", "shared"] : segment => data.aws_ec2_transit_gateway_route_table.this[segment].id }
    error_message = "The segments of `propagate_to` learn the VPC's blocks, and no others do."
  }

  assert {
    condition     = aws_ec2_transit_gateway_route.this["staging/everywhere"].destination_cidr_block == "0.0.0.0/0" && aws_ec2_transit_gateway_route.this["staging/everywhere"].transit_gateway_route_table_id == data.aws_ec2_transit_gateway_route_table.this["staging"].id
    error_message = "A static route of a segment leads to this VPC."
  }

  assert {
    condition     = [for filter in data.aws_ec2_transit_gateway_route_table.this["production"].filter : one(filter.values) if filter.name == "tag:Name"] == ["m3-tokyo-production"]
    error_message = "A segment is found by the gateway's Name and its own."
  }

  assert {
    condition     = toset(keys(aws_route.this)) == toset(["private-a/estate", "private-c/estate"]) && alltrue([for route in aws_route.this : route.transit_gateway_id == aws_ec2_transit_gateway_vpc_attachment.this[0].transit_gateway_id])
    error_message = "The target `transit` is the gateway."
  }

  assert {
    condition     = length(aws_ec2_transit_gateway_vpc_attachment_accepter.this) == 0
    error_message = "Inside one account nobody has to accept."
  }
}

# The gateway belongs to another account, whose provider is `aws.hub`.
run "accepted" {
  variables {
    transit = {
      gateway        = "m3-tokyo"
      tier           = "transit"
      segment        = "production"
      propagate_to   = ["production"]
      accept         = true
      appliance_mode = true
    }
  }

  assert {
    condition     = aws_ec2_transit_gateway_vpc_attachment_accepter.this[0].transit_gateway_attachment_id == output.transit_attachment_id
    error_message = "The gateway's account accepts the attachment."
  }

  assert {
    condition     = aws_ec2_transit_gateway_vpc_attachment_accepter.this[0].transit_gateway_default_route_table_association == false && aws_ec2_transit_gateway_vpc_attachment_accepter.this[0].transit_gateway_default_route_table_propagation == false
    error_message = "The accepted attachment joins no default route table."
  }

  assert {
    condition     = output.transit_attachment_id == run.attached.transit_attachment_id
    error_message = "Acceptance replaces nothing."
  }

  assert {
    condition     = aws_ec2_transit_gateway_vpc_attachment.this[0].appliance_mode_support == "enable"
    error_message = "Appliance mode keeps both directions of a flow in one zone."
  }
}
