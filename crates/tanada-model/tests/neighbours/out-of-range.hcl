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
  hub     = hub.main
}

team "web" {}

hub "two" {
  region = region.eu-west-2
  asn    = 64513
}

pool "big" { range = "11.0.0.0/8" }

layout "l" {
  zones = ["a"]
  slots = 1

  tier "private" { newbits = 3 }
}

layout "many" {
  zones = ["a"]
  slots = 16

  tier "private" { newbits = 2 }
}

team "search" {
  size     = 16
  headroom = 8
}

team "mail" { headroom = 0 }
