# The teams. A line is enough: the team has a VPC in every environment.

team "web" {
  owner = "@example/web"
  why   = "The shop front."
}

team "payments" {
  owner = "@example/payments"
  why   = "Takes the money."
}

# Who may talk to whom. Both ends leave the environment open, so this is production to production and staging to staging.
# It becomes four ACL rules in each pair of VPCs: the request and the answer, on either side.
allow "checkout" {
  from  = [team.web.private]
  to    = [team.payments.private]
  ports = ["tcp/443"]
  why   = "The shop front calls the payment API."
}
