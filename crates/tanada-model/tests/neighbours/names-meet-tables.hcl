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
  hub     = hub.main
  size    = 20
  layout  = layout.service
  segment = segment.main
}


hub "main-main" {
  region = region.eu-west-2
  asn    = 64513
}

segment "main-east" { reaches = [segment.main-east] }
segment "west" { reaches = [segment.west] }

environment "first" {
  pool    = pool.m
  hub     = hub.main
  size    = 20
  layout  = layout.service
  segment = segment.main-east
}

environment "second" {
  pool    = pool.m
  hub     = hub.main-main
  size    = 20
  layout  = layout.service
  segment = segment.west
}

team "web" {}
