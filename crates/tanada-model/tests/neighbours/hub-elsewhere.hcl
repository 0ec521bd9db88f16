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
  hub     = hub.main
  layout  = layout.service
  segment = segment.main
}

region "eu-west-1" {
  zones = { a = "euw1-az1" }
}

hub "dublin" {
  region = region.eu-west-1
  asn    = 64513
}

environment "near" {
  pool    = pool.m
  size    = 20
  layout  = layout.service
  hub     = hub.dublin
  segment = segment.main
}

team "web" {
  environments = [environment.near]

  vpc "production" {
    hub    = hub.dublin
    region = region.eu-west-1
  }

  vpc "alone" {
    environment = environment.production
    hub         = null
    region      = region.eu-west-1
  }
}
