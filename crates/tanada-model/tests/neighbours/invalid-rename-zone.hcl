pool "m" { range = "10.0.0.0/8" }

region "eu-west-2" {
  zones              = { a = "euw2-az2", b = "euw2-az3", c = "euw2-az1" }
  zones_renamed_from = { b = "e" }
}

region "eu-west-1" {
  zones              = { a = "euw1-az2", b = "euw1-az3", c = "euw1-az1" }
  zones_renamed_from = { a = "d", b = "e", c = "f" }
}

layout "service" {
  zones = ["a"]

  tier "private" { newbits = 4 }
}

environment "production" {
  pool   = pool.m
  size   = 20
  layout = layout.service
  region = region.eu-west-2
}

team "web" {}
