locals {
  attached = var.transit != null
  accepted = local.attached ? var.transit.accept : false

  # Route tables of the gateway that this VPC has to do with.
  segments = local.attached ? setunion(
    [var.transit.segment],
    var.transit.propagate_to,
    [for route in var.transit.routes : route.segment],
  ) : toset([])

  transit_routes = local.attached ? { for route in var.transit.routes : "${route.segment}/${route.to}" => route } : {}
}

# By Name, as its owner sees it. A deleted gateway keeps its Name for a while, hence the state.
data "aws_ec2_transit_gateway" "this" {
  count    = local.attached ? 1 : 0
  provider = aws.hub

  filter {
    name   = "tag:Name"
    values = [var.transit.gateway]
  }

  filter {
    name   = "state"
    values = ["available"]
  }
}

data "aws_ec2_transit_gateway_route_table" "this" {
  for_each = local.segments
  provider = aws.hub

  filter {
    name   = "tag:Name"
    values = ["${var.transit.gateway}-${each.key}"]
  }

  filter {
    name   = "state"
    values = ["available"]
  }
}

resource "aws_ec2_transit_gateway_vpc_attachment" "this" {
  count = local.attached ? 1 : 0

  transit_gateway_id     = data.aws_ec2_transit_gateway.this[0].id
  vpc_id                 = aws_vpc.this.id
  subnet_ids             = [for subnet in var.subnets : aws_subnet.this[subnet.name].id if subnet.tier == var.transit.tier]
  appliance_mode_support = var.transit.appliance_mode ? "enable" : "disable"

  # The gateway's owner alone may say these; for a gateway of another account the accepter below does.
  transit_gateway_default_route_table_association = local.accepted ? null : false
  transit_gateway_default_route_table_propagation = local.accepted ? null : false

  tags = {
    Name = var.name
  }
}

# For a gateway of another account. Nothing can use the attachment before this; destroying this deletes the attachment.
resource "aws_ec2_transit_gateway_vpc_attachment_accepter" "this" {
  count    = local.accepted ? 1 : 0
  provider = aws.hub

  transit_gateway_attachment_id                   = aws_ec2_transit_gateway_vpc_attachment.this[0].id
  transit_gateway_default_route_table_association = false
  transit_gateway_default_route_table_propagation = false

  tags = {
    Name = var.name
  }
}

# What follows names the attachment and not its acceptance, whose id is unknown when it is added: that would replace all.
resource "aws_ec2_transit_gateway_route_table_association" "this" {
  count    = local.attached ? 1 : 0
  provider = aws.hub

  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.this[0].id
  transit_gateway_route_table_id = data.aws_ec2_transit_gateway_route_table.this[var.transit.segment].id

  depends_on = [aws_ec2_transit_gateway_vpc_attachment_accepter.this]
}

resource "aws_ec2_transit_gateway_route_table_propagation" "this" {
  for_each = local.attached ? var.transit.propagate_to : toset([])
  provider = aws.hub

  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.this[0].id
  transit_gateway_route_table_id = data.aws_ec2_transit_gateway_route_table.this[each.key].id

  depends_on = [aws_ec2_transit_gateway_vpc_attachment_accepter.this]
}

resource "aws_ec2_transit_gateway_route" "this" {
  for_each = local.transit_routes
  provider = aws.hub

  destination_cidr_block         = each.value.cidr
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.this[0].id
  transit_gateway_route_table_id = data.aws_ec2_transit_gateway_route_table.this[each.value.segment].id

  depends_on = [aws_ec2_transit_gateway_vpc_attachment_accepter.this]
}
