# Where the networks stand, and which of them exchange routes.

# Zone ids, not names: ap-northeast-1a is another zone in another account, apne1-az4 is the same everywhere.
# `aws ec2 describe-availability-zones --region ap-northeast-1` tells yours.
region "ap-northeast-1" {
  zones = { a = "apne1-az4", c = "apne1-az1", d = "apne1-az2" }
}

# A Transit Gateway. The number is its side of every BGP session, and cannot be changed later.
hub "tokyo" {
  region = region.ap-northeast-1
  asn    = 64512
  why    = "One gateway for all VPCs: each VPC needs one attachment, not one peering for each other VPC."
}

# A segment is a route table of the gateway. It lists itself, so its own VPCs reach each other.
segment "production" {
  reaches = [segment.production]
  why     = "Production teams call each other's services."
}

# Neither of the two lists the other: there is no route between staging and production.
segment "staging" {
  reaches = [segment.staging]
  why     = "A test must never reach production, whatever its configuration says."
}
