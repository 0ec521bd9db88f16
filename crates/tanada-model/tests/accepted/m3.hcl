# 16 teams, 30 VPCs, on premises, Google Cloud. One address is written for the estate.
names = "m3-{team}-{vpc}"
tags  = { CostCenter = "network" }

backend "s3" {
  bucket = "m3-terraform-state"
  region = "ap-northeast-1"
}

pool "m3" {
  range = "10.0.0.0/8"

  pool "production" { size = 10 }
  pool "staging" { size = 11 }
  pool "gcp" { size = 12 }

  reserved "tokyo-dc" {
    range = "10.240.0.0/12"
    why   = "The data centre has used it since 2000; it is not ours to hand out."
  }
}

reserved "docker" {
  range = "172.17.0.0/16"
  why   = "Docker's bridge on every laptop and host."
}

# Ids are not public: each becomes a variable of the roots that need it.
account "network" {}
account "m3-payments" {}

region "ap-northeast-1" {
  zones = { a = "apne1-az4", c = "apne1-az1", d = "apne1-az2" }
}

hub "tokyo" {
  region  = region.ap-northeast-1
  asn     = 64512
  account = account.network
}

segment "production" { reaches = [segment.production, segment.shared, site.tokyo-dc, site.gcp] }
segment "staging" { reaches = [segment.staging, segment.shared] }
segment "shared" { reaches = [site.tokyo-dc] }

site "tokyo-dc" {
  ranges = [reserved.tokyo-dc]
  why    = "Services move out one by one; until the last has moved, both sides must reach each other."

  link "dx" {
    kind = "attachment"
    asn  = 64900
  }
}

site "gcp" {
  ranges = [pool.gcp]

  link "ha-vpn" {
    kind = "attachment"
    asn  = 64901
  }
}

layout "service" {
  why   = "No team has needed another shape: one standard costs nobody an explanation."
  zones = ["a", "c", "d"]

  tier "private" {
    newbits  = 3
    internet = "out"
  }

  tier "public" {
    newbits  = 4
    internet = "in"
  }

  tier "data" {
    newbits = 5
    accepts = [tier.private]
  }

  tier "transit" {
    size   = 28
    attach = true
  }
}

environment "production" {
  pool    = pool.production
  hub     = hub.tokyo
  segment = segment.production
  layout  = layout.service
  size    = 19
}

environment "staging" {
  pool    = pool.staging
  hub     = hub.tokyo
  segment = segment.staging
  layout  = layout.service
  size    = 20
}

environment "shared" {
  optional = true
  pool     = pool.production
  hub      = hub.tokyo
  segment  = segment.shared
  layout   = layout.service
  size     = 20
}

team "web" {}
team "search" {}
team "catalog" {}
team "stock" {}
team "shipping" {}
team "mail" {}
team "login" {}
team "mobile" {}
team "billing" {}
team "partners" {}
team "legacy" { environments = [environment.production] }
team "fraud" { environments = [environment.production] }

team "data" {
  vpc "batch" {
    environment = environment.production
    size        = 21
  }
}

team "payments" {
  owner   = "@m3/payments"
  account = account.m3-payments

  vpc "production" {
    range = "10.31.0.0/20"
    why   = "Card networks filter on it; it stays where history put it."
  }
}

team "ai" {
  why = "Training clusters take an address per worker."

  vpc "production" { size = 16 }
}

team "platform" {
  environments = []

  vpc "shared" {}
}

allow "checkout" {
  from  = [team.web]
  to    = [team.payments.private]
  ports = ["tcp/443"]
  why   = "The shop front calls the payment API; production to production, staging to staging."
}

allow "login" {
  from  = [environment.production, environment.staging]
  to    = [team.platform.shared.private]
  ports = ["tcp/443"]
  why   = "Everyone signs in."
}

allow "ledger" {
  from  = [site.tokyo-dc]
  to    = [team.billing.production.data]
  ports = ["tcp/5432"]
  why   = "The ledger is still on premises."
}
