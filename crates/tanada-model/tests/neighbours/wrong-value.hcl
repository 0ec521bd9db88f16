pool "m" { range = "10.0.0.0/8" }

region "eu-west-2" {
  zones = { a = "euw2-az2" }
}

hub "main" {
  region = region.eu-west-2
  asn    = 64512
}

segment "main" { reaches = [segment.main] }

layout "service" {
  zones = ["a"]

  tier "private" {
    newbits  = 4
    internet = "out"
  }

  tier "data" {
    newbits = 4
    accepts = []
  }

  tier "transit" {
    size   = 28
    attach = true
  }
}

environment "production" {
  pool    = pool.m
  size    = 20
  layout  = layout.service
  segment = segment.main
}

team "web" {}

names = "{team}-{vpc}"

backend "s3" {}

region "eu-west-1" {
  cloud = "aws"
  zones = { a = "euw1-az1", b = "euw1-az2", c = "euw1-az3" }
}

layout "l" {
  zones = ["a"]
  nat   = "zone"

  tier "private" {
    newbits  = 2
    internet = "out"
  }
}

site "dc" {
  link "dx" { kind = "attachment" }
}

accept "one-zone" { why = "To test." }
