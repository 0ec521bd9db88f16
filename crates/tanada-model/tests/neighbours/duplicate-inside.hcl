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

pool "n" {
  range = "11.0.0.0/8"

  pool "o" { size = 10 }
  reserved "s" { range = "11.1.0.0/16" }
}

reserved "r" { range = "12.0.0.0/16" }

tags = { a = "1", "b" = "2" }

layout "twice" {
  zones = ["a"]

  tier "private" { newbits = 3 }

  allow "x" { from = [any] }
  deny "y" { from = [any] }
}
