pool "m" { range = "10.0.0.0/8" }

region "eu-west-2" {
  zones = { a = "euw2-az2", b = "euw2-lhr1-az1" }
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

region "tatooine-1" { zones = { a = "tat1-az1" } }
