locals {
  subnets = { for subnet in var.subnets : subnet.name => subnet }
}

resource "aws_subnet" "this" {
  for_each = local.subnets

  vpc_id               = aws_vpc.this.id
  cidr_block           = each.value.cidr
  availability_zone_id = var.zones[each.value.zone]

  tags = {
    Name = "${var.name}-${each.key}"
    Tier = each.value.tier
  }

  # AWS refuses a subnet of a further block until the block belongs to the VPC.
  depends_on = [aws_vpc_ipv4_cidr_block_association.this]
}

# One for each tier and zone: growth joins it, and a zone can be led elsewhere by itself.
resource "aws_route_table" "this" {
  for_each = toset([for subnet in var.subnets : "${subnet.tier}-${subnet.zone}"])

  vpc_id = aws_vpc.this.id

  tags = {
    Name = "${var.name}-${each.key}"
  }
}

resource "aws_route_table_association" "this" {
  for_each = local.subnets

  subnet_id      = aws_subnet.this[each.key].id
  route_table_id = aws_route_table.this["${each.value.tier}-${each.value.zone}"].id
}
