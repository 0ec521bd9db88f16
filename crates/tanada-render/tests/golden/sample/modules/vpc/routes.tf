locals {
  # Each route of a tier, once for each of the tier's route tables.
  routes = merge([
    for subnet in var.subnets : {
      for route in var.routes : "${subnet.tier}-${subnet.zone}/${route.to}" => {
        table  = "${subnet.tier}-${subnet.zone}"
        zone   = subnet.zone
        target = route.target
        cidr   = route.cidr
      } if route.tier == subnet.tier
    }
  ]...)

  nat_gateways = { for gateway in var.nat_gateways : gateway.zone => gateway.subnet }
  nat_is_alone = length(var.nat_gateways) == 1
}

# One resource for every kind of target: a new target is then an update in place, without a moment without route.
resource "aws_route" "this" {
  for_each = local.routes

  route_table_id         = aws_route_table.this[each.value.table].id
  destination_cidr_block = each.value.cidr
  gateway_id             = each.value.target == "internet" ? aws_internet_gateway.this[0].id : null
  nat_gateway_id         = each.value.target == "nat" ? aws_nat_gateway.this[local.nat_is_alone ? var.nat_gateways[0].zone : each.value.zone].id : null
  transit_gateway_id     = each.value.target == "transit" ? aws_ec2_transit_gateway_vpc_attachment.this[0].transit_gateway_id : null

  # A route to a gateway of another account needs the attachment accepted.
  depends_on = [aws_ec2_transit_gateway_vpc_attachment_accepter.this]
}

resource "aws_internet_gateway" "this" {
  count = var.internet_gateway ? 1 : 0

  vpc_id = aws_vpc.this.id

  tags = {
    Name = var.name
  }
}

resource "aws_eip" "nat" {
  for_each = local.nat_gateways

  domain = "vpc"

  tags = {
    Name = "${var.name}-${each.key}"
  }
}

resource "aws_nat_gateway" "this" {
  for_each = local.nat_gateways

  allocation_id = aws_eip.nat[each.key].allocation_id
  subnet_id     = aws_subnet.this[each.value].id

  tags = {
    Name = "${var.name}-${each.key}"
  }

  depends_on = [aws_internet_gateway.this]
}

data "aws_region" "this" {}

resource "aws_vpc_endpoint" "gateway" {
  for_each = { for endpoint in var.gateway_endpoints : endpoint.service => endpoint.tiers }

  vpc_id            = aws_vpc.this.id
  vpc_endpoint_type = "Gateway"
  service_name      = "com.amazonaws.${data.aws_region.this.region}.${each.key}"
  route_table_ids = toset([
    for subnet in var.subnets : aws_route_table.this["${subnet.tier}-${subnet.zone}"].id
    if contains(each.value, subnet.tier)
  ])

  tags = {
    Name = "${var.name}-${each.key}"
  }
}
