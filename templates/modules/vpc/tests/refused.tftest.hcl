# Inputs that this module refuses before anything is made.

mock_provider "aws" {}

mock_provider "aws" {
  alias = "hub"
}

variables {
  name    = "m3-web-production"
  blocks  = ["192.0.2.0/24"]
  zones   = { a = "apne1-az4" }
  subnets = [{ name = "private-a", tier = "private", zone = "a", cidr = "192.0.2.0/26" }]
  acls    = [{ tier = "private", ingress = [], egress = [] }]
}

run "without_a_block" {
  command = plan

  variables {
    blocks = []
  }

  expect_failures = [var.blocks]
}

run "a_block_written_twice" {
  command = plan

  variables {
    blocks = ["192.0.2.0/24", "192.0.2.0/24"]
  }

  expect_failures = [var.blocks]
}

run "a_route_to_nowhere" {
  command = plan

  variables {
    routes = [{ tier = "private", to = "internet", target = "vpn", cidr = "0.0.0.0/0" }]
  }

  expect_failures = [var.routes]
}

run "two_rules_of_one_number" {
  command = plan

  variables {
    acls = [{
      tier = "private"
      ingress = [
        { number = 100, action = "allow", protocol = "tcp", from = 443, to = 443, cidr = "198.18.0.0/15", why = "one" },
        { number = 100, action = "deny", protocol = "tcp", from = 443, to = 443, cidr = "198.18.0.0/15", why = "the other" },
      ]
      egress = []
    }]
  }

  expect_failures = [var.acls]
}

run "a_number_that_aws_does_not_take" {
  command = plan

  variables {
    acls = [{
      tier    = "private"
      ingress = []
      egress  = [{ number = 32767, action = "allow", protocol = "-1", from = 0, to = 0, cidr = "198.18.0.0/15", why = "too high" }]
    }]
  }

  expect_failures = [var.acls]
}
