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

environment "staging" {
  pool    = pool.m
  size    = 20
  layout  = layout.service
  segment = segment.main
}

team "here" { environments = [environment.production] }
team "there" { environments = [environment.production, environment.staging] }
team "empty" {}

reserved "r" { range = "192.168.0.0/24" }

allow "apart" {
  from  = [team.here]
  to    = [team.there.private]
  ports = ["tcp/443"]
}

allow "none" {
  from  = [team.empty]
  to    = [team.web]
  ports = ["tcp/443"]
}

allow "outside" {
  from  = [reserved.r]
  to    = [team.web]
  ports = ["tcp/443"]
}
