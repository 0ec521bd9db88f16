locals {
  acls = { for acl in var.acls : acl.tier => acl }
}

# One for each tier. A tier without rules is an error here, since its subnets would fall to the VPC's default ACL.
resource "aws_network_acl" "this" {
  for_each = toset([for subnet in var.subnets : subnet.tier])

  vpc_id     = aws_vpc.this.id
  subnet_ids = [for subnet in var.subnets : aws_subnet.this[subnet.name].id if subnet.tier == each.key]

  dynamic "ingress" {
    for_each = local.acls[each.key].ingress

    content {
      rule_no    = ingress.value.number
      action     = ingress.value.action
      protocol   = ingress.value.protocol
      from_port  = ingress.value.from
      to_port    = ingress.value.to
      icmp_type  = ingress.value.protocol == "icmp" ? -1 : null
      icmp_code  = ingress.value.protocol == "icmp" ? -1 : null
      cidr_block = ingress.value.cidr
    }
  }

  dynamic "egress" {
    for_each = local.acls[each.key].egress

    content {
      rule_no    = egress.value.number
      action     = egress.value.action
      protocol   = egress.value.protocol
      from_port  = egress.value.from
      to_port    = egress.value.to
      icmp_type  = egress.value.protocol == "icmp" ? -1 : null
      icmp_code  = egress.value.protocol == "icmp" ? -1 : null
      cidr_block = egress.value.cidr
    }
  }

  tags = {
    Name = "${var.name}-${each.key}"
  }
}
