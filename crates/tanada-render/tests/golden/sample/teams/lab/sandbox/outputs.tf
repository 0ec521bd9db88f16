# Written by tanada; change `network/`, not this file.
output "vpc" {
  description = "Everything that modules/vpc gives: ids of the VPC, its subnets, route tables and attachment, and the public addresses of its NAT gateways."
  value       = module.vpc
}
