locals {
  attachments = { for attachment in var.attachments : attachment.name => attachment }

  propagations = merge([
    for attachment in var.attachments : {
      for segment in attachment.propagate_to : "${segment}/${attachment.name}" => {
        segment    = segment
        attachment = attachment.id
      }
    }
  ]...)

  routes = merge([
    for attachment in var.attachments : {
      for route in attachment.routes : "${route.segment}/${route.to}" => {
        segment    = route.segment
        cidr       = route.cidr
        attachment = attachment.id
      }
    }
  ]...)

  blackholes = merge([
    for segment in var.segments : {
      for blackhole in segment.blackholes : "${segment.name}/${blackhole.to}" => {
        segment = segment.name
        cidr    = blackhole.cidr
      }
    }
  ]...)
}

resource "aws_ec2_transit_gateway_route_table_association" "this" {
  for_each = local.attachments

  transit_gateway_attachment_id  = each.value.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.this[each.value.segment].id
}

resource "aws_ec2_transit_gateway_route_table_propagation" "this" {
  for_each = local.propagations

  transit_gateway_attachment_id  = each.value.attachment
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.this[each.value.segment].id
}

resource "aws_ec2_transit_gateway_route" "static" {
  for_each = local.routes

  destination_cidr_block         = each.value.cidr
  transit_gateway_attachment_id  = each.value.attachment
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.this[each.value.segment].id
}

resource "aws_ec2_transit_gateway_route" "blackhole" {
  for_each = local.blackholes

  destination_cidr_block         = each.value.cidr
  blackhole                      = true
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.this[each.value.segment].id
}
