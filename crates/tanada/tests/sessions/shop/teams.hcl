team "web" { owner = "@m3/web" }
team "payments" {
  vpc "production" { size = 20 }
}
allow "web-to-payments" {
  from  = [team.web]
  to    = [team.payments]
  ports = ["tcp/443"]
  why   = "shop"
}
