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

environment "staging" {
  layout  = layout.service
  pool    = pool.m
  size    = 20
  hub     = hub.main
  segment = segment.main
}

team "search" {
  vpc "batch" { environment = environment.staging }
}

region "eu-west-1" {
  zones = { a = "euw1-az1" }
}

hub "second" {
  region = region.eu-west-1
  asn    = 64513
}

pool "sizeless" { range = "11.0.0.0/10" }

layout "full" {
  zones = ["a"]

  tier "private" { newbits = 3 }
}
