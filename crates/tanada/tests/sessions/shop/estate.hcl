pool "main" {
  range = "10.0.0.0/8"
  pool "production" { size = 10 }
  reserved "dc" { range = "10.240.0.0/12" }
}
logs { bucket = "logs" }
account "a" { id = "123456789012" }
region "ap-northeast-1" { zones = { a = "apne1-az4", c = "apne1-az1" } }
hub "tokyo" {
  region = region.ap-northeast-1
  asn    = 64512
}
segment "production" { reaches = [segment.production, site.dc] }
site "dc" {
  ranges = [reserved.dc]
  link "dx" {
    kind = "attachment"
    id   = "tgw-attach-0123456789abcdef0"
  }
}
layout "service" {
  zones = ["a", "c"]
  slots = 4
  tier "private" {
    newbits  = 3
    internet = "out"
  }
  tier "public" {
    newbits  = 4
    internet = "in"
  }
  tier "data" {
    newbits = 5
    accepts = [tier.private]
  }
  tier "transit" {
    size   = 28
    attach = true
  }
}
environment "production" {
  pool    = pool.production
  size    = 19
  layout  = layout.service
  hub     = hub.tokyo
  segment = segment.production
}
