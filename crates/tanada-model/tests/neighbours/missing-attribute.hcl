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

reserved "r" { range = "192.168.0.0/24" }

hub "two" {
  region = region.eu-west-2
  asn    = 64513
}

allow "x" {
  from = [team.web]
  to   = [any]
  ports = ["all"]
}

layout "l" {
  zones = ["a"]

  tier "private" {
    newbits = 4

    deny "nobody" { from = [any] }
  }
}
