pool "m" { range = "10.0.0.0/8" }

region "eu-west-2" {
  zones = { a = "euw2-az2" }
}

hub "main" {
  region = region.eu-west-2
  asn    = 64512
}

segment "main" { reaches = [segment.main, segment.other, site.dc] }

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

segment "other" { reaches = [segment.main] }

site "dc" {
  ranges = ["192.168.0.0/16"]

  link "dx" { kind = "attachment" }
}

team "search" { segment = segment.other }

team "alone" {
  hub     = hub.main
  segment = segment.main
}

allow "segments" {
  from  = [team.web]
  to    = [team.search]
  ports = ["tcp/443"]
}

allow "site" {
  from  = [site.dc]
  to    = [team.web.production.private]
  ports = ["tcp/443"]
}

allow "unattached" {
  from  = [team.alone]
  to    = [team.web]
  ports = ["tcp/443"]
}
