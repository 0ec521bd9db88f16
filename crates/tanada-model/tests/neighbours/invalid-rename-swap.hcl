pool "m" { range = "10.0.0.0/8" }

region "eu-west-2" {
  zones = { a = "euw2-az2" }
}

layout "service" {
  zones = ["a"]

  tier "one" {
    newbits      = 4
    renamed_from = "second"
  }
  tier "two" {
    newbits      = 4
    renamed_from = "third"
  }
  tier "three" {
    newbits      = 4
    renamed_from = "first"
  }
  tier "four" {
    newbits      = 4
    renamed_from = "fourth"
  }
}

environment "production" {
  pool   = pool.m
  size   = 20
  layout = layout.service
  region = region.eu-west-2
}

team "web" { renamed_from = "store" }
team "shop" { renamed_from = "mall" }
