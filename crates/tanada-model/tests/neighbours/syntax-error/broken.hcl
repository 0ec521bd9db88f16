pool "m" { range = "10.0.0.0/8" }

team "shop" {}
