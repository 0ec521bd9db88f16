names = "m3-${var.team}"
tags  = { for k in ["a"] : k => upper(k) }

team "web" {
  owner = true ? "a" : "b"
}

team "search" {
  owner = <<EOT
${team.web}
EOT
}

environment "production" {
  size   = 10 + 10
  layout = layout["service"].*.x
}

pool "m" { range = cidrsubnet("10.0.0.0/8", 1, 0) }
