pool "m" {
  range = "10.0.0.0/8"

  pool "inner" {}
}

layout "l" {
  zones = ["a"]

  tier "private" {}
}

environment "production" {
  layout = layout.l
  pool   = pool.m
  size   = 20
}

team "web" {
  vpc "production" {
    block "more" {}
  }
}
