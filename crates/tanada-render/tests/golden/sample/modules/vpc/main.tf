resource "aws_vpc" "this" {
  cidr_block           = var.blocks[0]
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = {
    Name = var.name
  }
}

resource "aws_vpc_ipv4_cidr_block_association" "this" {
  for_each = toset(slice(var.blocks, 1, length(var.blocks)))

  vpc_id     = aws_vpc.this.id
  cidr_block = each.key
}

# Taken over and left without rules: what names no security group of its own reaches nothing.
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id

  tags = {
    Name = "${var.name}-closed"
  }
}

resource "aws_flow_log" "this" {
  count = var.flow_log_bucket_arn == null ? 0 : 1

  vpc_id               = aws_vpc.this.id
  traffic_type         = "ALL"
  log_destination_type = "s3"
  log_destination      = var.flow_log_bucket_arn

  tags = {
    Name = var.name
  }
}
