names = "m3-{team}-{vpc}"
tags  = { a = "A" }

region "eu-west-2" { zones = { a = "euw2-az2" } }
layout "service" {
  zones = ["a"]
  tier "private" { newbits = 4 }
}
team "web" {
  owner = "a"
}

team "search" {
  owner = "web"
}

environment "production" {
  size   = 20
  layout = layout.service
  pool   = pool.m
  region = region.eu-west-2
}

pool "m" { range = "10.0.0.0/9" }
