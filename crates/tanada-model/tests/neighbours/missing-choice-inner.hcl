pool "m" {
  range = "10.0.0.0/8"

  pool "inner" { size = 28 }
}

region "eu-west-2" { zones = { a = "euw2-az2" } }

layout "l" {
  zones = ["a"]

  tier "private" { newbits = 3 }
}

layout "k" {
  zones = ["a"]

  tier "pods" { newbits = 3 }
}

environment "production" {
  layout = layout.l
  pool   = pool.m
  size   = 20
  region = region.eu-west-2
}

team "web" {
  vpc "production" {
    block "more" {
      size   = 24
      layout = layout.k
    }
  }
}
