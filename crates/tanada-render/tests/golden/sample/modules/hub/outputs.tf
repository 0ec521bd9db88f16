output "transit_gateway_id" {
  description = "Id of the Transit Gateway."
  value       = aws_ec2_transit_gateway.this.id
}

output "route_table_ids" {
  description = "Ids of the gateway's route tables, by segment."
  value       = { for segment, table in aws_ec2_transit_gateway_route_table.this : segment => table.id }
}
