team "web" {}
team "payments" {}

allow "checkout" {
  from  = [team.web]
  to    = [team.payments.private]
  ports = ["tcp/443"]
  why   = "Two teams of which nobody knows yet where they stand."
}
