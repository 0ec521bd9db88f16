pool "main" {
  range = "10.0.0.1/8"
}

layout "service" {
  zones = ["a"]

  tier "private" { newbits = "3" }
}

environment "production" {
  pool   = pool.mian
  size   = 19
  layout = layout.service
}

team "../web" {}

team "shop" {
  owner = "${env.USER}"
  vpc "production" { sise = 20 }
}
