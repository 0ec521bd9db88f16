output "vpc_id" {
  description = "Id of the VPC."
  value       = aws_vpc.this.id
}

output "subnet_ids" {
  description = "Ids of the subnets, by tier, then by name."
  value = {
    for tier in toset([for subnet in var.subnets : subnet.tier]) : tier => {
      for subnet in var.subnets : subnet.name => aws_subnet.this[subnet.name].id if subnet.tier == tier
    }
  }
}

output "route_table_ids" {
  description = "Ids of the route tables by tier and zone (private-a), for endpoints and routes that a team adds."
  value       = { for key, table in aws_route_table.this : key => table.id }
}

output "nat_public_ips" {
  description = "Public addresses by zone from which the VPC reaches the internet, for the allow lists of others."
  value       = { for zone, eip in aws_eip.nat : zone => eip.public_ip }
}

output "transit_attachment_id" {
  description = "Id of the Transit Gateway attachment; null when there is none."
  value       = local.attached ? aws_ec2_transit_gateway_vpc_attachment.this[0].id : null
}
