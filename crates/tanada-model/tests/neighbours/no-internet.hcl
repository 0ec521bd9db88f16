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

  tier "edge" {
    newbits  = 4
    internet = "in"
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

allow "in" {
  from  = [internet]
  to    = [team.web.edge]
  ports = ["tcp/443"]
}

allow "out" {
  from  = [team.web.private]
  to    = [internet]
  ports = ["tcp/443"]
}

layout "l" {
  zones = ["a"]

  tier "private" {
    newbits  = 4
    internet = "in"

    allow "web" { from = [internet] }
  }
}
