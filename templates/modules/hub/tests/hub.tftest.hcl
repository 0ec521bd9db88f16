# What this module promises, tried without a cloud: `terraform init && terraform test` in modules/hub.
# Addresses are those that are reserved for documentation, so that a search for one of the estate finds none of these.

mock_provider "aws" {
  mock_resource "aws_ec2_transit_gateway" {
    defaults = { arn = "arn:aws:ec2:ap-northeast-1:111111111111:transit-gateway/tgw-0123456789abcdef0" }
  }

  mock_resource "aws_ram_resource_share" {
    defaults = { arn = "arn:aws:ram:ap-northeast-1:111111111111:resource-share/0123456789abcdef0" }
  }
}

variables {
  name = "m3-tokyo"
  asn  = 64512

  segments = [
    { name = "production", blackholes = [{ to = "staging", cidr = "203.0.113.0/24" }] },
    { name = "staging" },
  ]
}

run "alone" {
  assert {
    condition     = aws_ec2_transit_gateway.this.amazon_side_asn == 64512 && aws_ec2_transit_gateway.this.tags.Name == "m3-tokyo"
    error_message = "There is one gateway, with the AS number and the name."
  }

  assert {
    condition     = aws_ec2_transit_gateway.this.default_route_table_association == "disable" && aws_ec2_transit_gateway.this.default_route_table_propagation == "disable"
    error_message = "A new attachment reaches nothing until it is put into a segment."
  }

  assert {
    condition     = aws_ec2_transit_gateway.this.auto_accept_shared_attachments == "disable"
    error_message = "No attachment of another account is taken in unasked."
  }

  assert {
    condition     = { for segment, table in aws_ec2_transit_gateway_route_table.this : segment => table.tags.Name } == { production = "m3-tokyo-production", staging = "m3-tokyo-staging" }
    error_message = "Each segment is a route table, and VPCs find it by this Name."
  }

  assert {
    condition     = toset(keys(aws_ec2_transit_gateway_route.blackhole)) == toset(["production/staging"]) && aws_ec2_transit_gateway_route.blackhole["production/staging"].blackhole
    error_message = "What a segment must never reach is dropped in that segment and in no other."
  }

  assert {
    condition     = aws_ec2_transit_gateway_route.blackhole["production/staging"].destination_cidr_block == "203.0.113.0/24" && aws_ec2_transit_gateway_route.blackhole["production/staging"].transit_gateway_route_table_id == output.route_table_ids.production
    error_message = "A drop covers the block of its row."
  }

  assert {
    condition     = length(aws_ram_resource_share.this) + length(aws_ram_resource_association.this) + length(aws_ram_principal_association.this) == 0
    error_message = "The gateway is not shared before an account needs it."
  }
}

run "attachments" {
  variables {
    attachments = [{
      name         = "tokyo-dc"
      id           = "tgw-attach-0123456789abcdef0"
      segment      = "staging"
      propagate_to = ["production", "staging"]
      routes       = [{ segment = "production", to = "tokyo-dc", cidr = "198.51.100.0/24" }]
    }]
  }

  assert {
    condition     = aws_ec2_transit_gateway_route_table_association.this["tokyo-dc"].transit_gateway_route_table_id == output.route_table_ids.staging
    error_message = "An existing attachment joins its segment."
  }

  assert {
    condition     = { for key, propagation in aws_ec2_transit_gateway_route_table_propagation.this : key => propagation.transit_gateway_route_table_id } == { for segment in ["production", "staging"] : "${segment}/tokyo-dc" => output.route_table_ids[segment] }
    error_message = "The segments of `propagate_to` learn its routes, and no others do."
  }

  assert {
    condition     = aws_ec2_transit_gateway_route.static["production/tokyo-dc"].transit_gateway_attachment_id == "tgw-attach-0123456789abcdef0" && aws_ec2_transit_gateway_route.static["production/tokyo-dc"].destination_cidr_block == "198.51.100.0/24"
    error_message = "A static route leads to the attachment."
  }

  assert {
    condition     = output.transit_gateway_id == run.alone.transit_gateway_id && output.route_table_ids == run.alone.route_table_ids
    error_message = "An attachment replaces nothing."
  }
}

run "shared" {
  variables {
    share_with = [{ name = "web", account = "222222222222" }, { name = "payments", account = "333333333333" }]
  }

  assert {
    condition     = { for name, association in aws_ram_principal_association.this : name => association.principal } == { web = "222222222222", payments = "333333333333" }
    error_message = "The gateway is shared with the accounts of the rows."
  }

  assert {
    condition     = aws_ram_resource_share.this[0].allow_external_principals == false
    error_message = "It is shared inside the organisation only."
  }

  assert {
    condition     = aws_ram_resource_association.this[0].resource_arn == aws_ec2_transit_gateway.this.arn
    error_message = "What is shared is the gateway."
  }
}
