names = "x-{team}-{vpc}-{environment}-{region}"
tags  = { CostCenter = "network", Old = "to be taken away" }

backend "s3" {
  bucket         = "states"
  region         = "eu-west-2"
  use_lockfile   = true
  assume_role    = { role_arn = "arn:aws:iam::123456789012:role/state" }
  allowed_thing  = [1, 2.5, null]
}

logs {
  bucket = "arn:aws:s3:::flow-logs"
}

quotas {
  acl_rules = 40
  why       = "Raised in June."
}

accept "workload-in-attach-tier" {
  on  = [team.web.production, pool.m, "10.0.0.0/16"]
  why = "It costs $${5} and ${this} is only text, said \"so\"."
}

accept "not-private" { why = "Everywhere." }

account "net" {
  id   = "123456789012"
  role = "terraform"
}

account "apps" {}

pool "m" {
  range = "10.0.0.0/8"
  why   = "Ours."

  pool "production" {
    size         = 10
    renamed_from = "prod"

    reserved "hole" { range = "10.1.0.0/16" }
  }

  pool "staging" { size = 11 }
}

pool "n" { range = "100.64.0.0/16" }
reserved "docker" { range = "172.17.0.0/16" }

region "eu-west-2" {
  zones = { a = "euw2-az2", b = "euw2-az3", c = "euw2-az1" }
}

region "us-west-2" {
  zones = { a = "usw2-az1", b = "usw2-az2", c = "usw2-lax1-az1" }
}

hub "main" {
  region  = region.eu-west-2
  asn     = 64512
  account = account.net
}

hub "far" {
  region = region.us-west-2
  asn    = 4200000000
}

segment "production" {
  reaches = [segment.production, site.dc, segment.shared]
  default = team.ops.fire-wall
  drops   = [segment.staging]

  route "b" {
    to  = [private, reserved.docker, pool.n, site.dc, team.web.staging]
    via = site.dc
  }

  route "a" {
    to  = [pool.m]
    via = team.ops.fire-wall
  }
}

segment "staging" {
  reaches = [segment.staging, segment.shared]
  drops   = []
}

segment "shared" { reaches = [site.dc] }

site "dc" {
  ranges = ["192.168.0.0/16", reserved.hole, pool.n, internet]

  link "dx" {
    kind = "attachment"
    hub  = hub.main
    id   = "tgw-attach-0123456789abcdef0"
    asn  = 64900
  }

  link "another" {
    kind = "attachment"
    hub  = hub.far
  }
}

layout "service" {
  zones = ["b", "a"]
  slots = 3
  nat   = "one"

  deny "b-first" {
    from  = [any, pool.n]
    ports = ["tcp/22", "icmp"]
  }

  allow "a-second" {
    from = [vpc, tier.data, team.ops.fire-wall]
    to   = [private]
  }

  tier "private" {
    newbits  = 4
    internet = "out"

    allow "to-the-net" { to = [internet] }
  }

  tier "data" {
    newbits      = 5
    accepts      = [tier.private]
    renamed_from = "db"
  }

  tier "public" {
    newbits  = 5
    internet = "in"
  }

  tier "transit" {
    size   = 28
    attach = true
  }
}

layout "more" {
  zones = ["a"]

  tier "extra" { newbits = 2 }
}

environment "production" {
  pool    = pool.production
  hub     = hub.main
  segment = segment.production
  layout  = layout.service
  size    = 19
  account = account.apps
  tags    = { Stage = "production" }
}

environment "staging" {
  pool     = pool.staging
  hub      = hub.main
  segment  = segment.staging
  layout   = layout.service
  size     = 20
  headroom = 0
  account  = account.apps
}

environment "shared" {
  optional = true
  pool     = pool.production
  hub      = hub.main
  segment  = segment.shared
  layout   = layout.service
  size     = 20
}

team "web" {
  owner = "@x/web"
  tags  = { Stage = null, Own = "web" }
}

team "ops" {
  why          = "Runs the firewall."
  environments = []
  account      = account.net

  vpc "shared" { account = null }

  vpc "fire-wall" {
    environment = environment.production
    inspects    = true
    headroom    = 2
    range       = "10.0.0.0/19"
  }
}

team "data" {
  environments = [environment.staging]

  vpc "batch" {
    environment  = environment.production
    size         = 21
    hub          = null
    region       = region.us-west-2
    name         = "batch jobs"
    renamed_from = "jobs"
    tags         = null

    block "more" {
      pool     = pool.n
      size     = 22
      layout   = layout.more
      headroom = 1
    }

    block "legacy" {
      range  = "172.20.0.0/20"
      layout = layout.more2
      why    = "History."
    }
  }
}

layout "more2" {
  zones = ["a"]

  tier "extra2" { newbits = 2 }
}

allow "checkout" {
  from  = [team.web]
  to    = [team.web.private]
  ports = ["tcp/443", "udp/1024-2048"]
  why   = "So that ${nobody} wonders."
}

allow "login" {
  from  = [environment.production, environment.staging, site.dc]
  to    = [team.ops.shared]
  ports = ["all"]
}

allow "out" {
  from  = [team.web.production]
  to    = [internet, any, reserved.docker]
  ports = ["tcp/443"]
}

allow "walled" {
  from  = [team.web.production]
  to    = [team.ops.fire-wall.private]
  ports = ["icmp"]
}

severity "one-zone" {
  level = "error"
  why   = "A region that must not stop."
}
