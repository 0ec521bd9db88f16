# UK MoJ Modernisation Platform: 48 VPCs, 681 subnets. Every VPC range stands exactly once.
# The placement rule of language.md was checked to reproduce 681 of 681 subnets, and the ACL order 372 of 372 recorded directions.

names = "{team}-{vpc}"

# Ids are not public: each becomes a variable of the roots that need it.
account "core-network-services-production" {}
account "core-vpc-development" {}
account "core-vpc-test" {}
account "core-vpc-preproduction" {}
account "core-vpc-production" {}
account "core-vpc-sandbox" {}
account "core-shared-services-production" {}
account "core-logging-production" {}
account "core-security-production" {}

region "eu-west-2" {
  zones = { a = "euw2-az2", b = "euw2-az3", c = "euw2-az1" }
}

pool "core" { range = "10.20.0.0/16" }
pool "development-test" { range = "10.26.0.0/16" }
pool "live" { range = "10.27.0.0/16" }
pool "sandbox" { range = "10.231.0.0/20" }

reserved "youth-justice-networking" { range = "10.20.224.0/21" }
reserved "analytical-platform-dev" { range = "10.26.128.0/23" }
reserved "laa-workspaces-dev" { range = "10.26.130.0/23" }
reserved "analytical-platform" { range = "10.27.128.0/23" }
reserved "laa-workspaces" { range = "10.27.130.0/23" }
reserved "laa-ecp-core" { range = "10.27.240.0/21" }
reserved "laa-ecp-workloads" { range = "10.27.248.0/21" }
reserved "sftp-165" { range = "165.72.0.0/16" } # foreign public space is just a name, too
reserved "sftp-199" { range = "199.40.0.0/16" }
reserved "moj-public" { range = "51.247.0.0/16" }

hub "moj" {
  region  = region.eu-west-2
  asn     = 64589
  account = account.core-network-services-production
}

# --- segments (TGW route tables) ------------------------------------------------------------
segment "live_data" {
  reaches = [segment.live_data, segment.centralised_endpoints]
  default = team.platforms.core-network-services-live_data

  route "elsewhere" {
    to  = [private, reserved.moj-public]
    via = team.platforms.external_inspection
  }
}

segment "non_live_data" {
  reaches = [segment.non_live_data, segment.centralised_endpoints]
  default = team.platforms.core-network-services-non_live_data

  route "elsewhere" {
    to  = [private]
    via = team.platforms.external_inspection
  }
}

segment "centralised_endpoints" {}

segment "inspection" {
  reaches = [segment.centralised_endpoints]
  default = site.moj-tgw
}

segment "external" {
  route "platform" {
    to  = [pool.core, pool.development-test, pool.live]
    via = team.platforms.external_inspection
  }
}

site "moj-tgw" {
  segment = segment.external
  ranges  = ["10.0.0.0/11", "10.64.0.0/11", "10.100.0.0/15", "172.16.0.0/12", "195.59.116.244/32"] # ... 55

  link "peering" { kind = "attachment" }
}

site "noms-live" {
  segment = segment.external

  link "vng-1" {
    kind = "attachment"
    asn  = 64522
  }

  link "vng-2" {
    kind = "attachment"
    asn  = 64522
  }
}

site "parole-board" {
  segment = segment.external
  ranges  = ["10.50.0.0/16"]

  link "vpn" {
    kind = "attachment"
    asn  = 65535
  }
}

site "cloud-platform-live" { # somebody else's VPC on our gateway
  segment = segment.live_data

  link "attachment" { kind = "attachment" }
}

# --- layouts --------------------------------------------------------------------------------
layout "member" {
  zones = ["a", "b", "c"]
  slots = 3

  # The standard: on every tier but the guarded one (`accepts`) and the attachment's.
  allow "shared-services" {
    from = [team.platforms.core-shared-services-live_data]
    to   = [team.platforms.core-shared-services-live_data]
  }

  deny "other-members" {
    from = [pool.development-test, pool.live]
    to   = [pool.development-test, pool.live]
  }

  allow "government" {
    from = [private]
    to   = [private]
  }

  deny "remote-desktop" {
    from  = [any]
    ports = ["tcp/3389"]
  }

  allow "outside" {
    to    = [any]
    ports = ["tcp/443", "tcp/80", "tcp/465", "tcp/587", "tcp/5721"]
  }

  tier "private" {
    newbits  = 3
    internet = "out"
  }

  tier "public" {
    newbits  = 4
    internet = "in"

    allow "web" {
      from  = [any]
      ports = ["tcp/443"]
    }

    allow "any-out" { to = [any] }
  }

  tier "data" {
    newbits  = 4
    internet = "out"
  }

  tier "protected" {
    newbits = 4
    accepts = []

    allow "endpoints" {
      from  = [vpc]
      ports = ["tcp/443", "tcp/587", "tcp/5439"]
    }
  }

  tier "transit-gateway" {
    size   = 28
    attach = true
  }
}

layout "core" {
  zones = ["a", "b", "c"]
  slots = 3

  tier "transit-gateway" {
    size   = 28
    attach = true
  }

  tier "data" {
    newbits  = 4
    internet = "out"

    allow "government" {
      from = [private]
      to   = [private]
    }

    allow "outside" {
      to    = [any]
      ports = ["tcp/443", "tcp/80", "tcp/465", "tcp/587", "tcp/5721"]
    }
  }

  tier "private" { # as data
    newbits  = 4
    internet = "out"
  }

  tier "public" {
    newbits  = 4
    internet = "in"

    deny "remote-desktop" {
      from  = [any]
      ports = ["tcp/3389"]
    }

    allow "web" {
      from  = [any]
      ports = ["tcp/443"]
    }

    allow "any-out" { to = [any] }
  }
}

layout "inline" {
  zones = ["a", "b", "c"]
  slots = 3

  allow "open" { # the firewall decides, not the ACL
    from = [any]
    to   = [any]
  }

  tier "transit-gateway" {
    size   = 28
    attach = true
  }

  tier "inspection" { size = 28 }

  tier "public" {
    newbits  = 4
    internet = "in"
  }
}

layout "external" { # the fourth slot is why inspection-in starts at .64
  zones = ["a", "b", "c"]

  tier "inspection-out" { size = 28 }

  tier "inspection-in" {
    size   = 28
    attach = true
  }
}

layout "additional" {
  zones = ["a", "b", "c"]
  slots = 3

  tier "additional" { newbits = 3 }
}

# --- environments ---------------------------------------------------------------------------
environment "development" {
  pool    = pool.development-test
  hub     = hub.moj
  segment = segment.non_live_data
  layout  = layout.member
  size    = 21
  account = account.core-vpc-development
}

environment "test" {
  pool    = pool.development-test
  hub     = hub.moj
  segment = segment.non_live_data
  layout  = layout.member
  size    = 21
  account = account.core-vpc-test
}

environment "preproduction" {
  pool    = pool.live
  hub     = hub.moj
  segment = segment.live_data
  layout  = layout.member
  size    = 21
  account = account.core-vpc-preproduction
}

environment "production" {
  pool    = pool.live
  hub     = hub.moj
  segment = segment.live_data
  layout  = layout.member
  size    = 21
  account = account.core-vpc-production
}

environment "sandbox" {
  optional = true
  pool     = pool.sandbox
  hub      = hub.moj
  segment  = segment.non_live_data
  layout   = layout.member
  size     = 21
  account  = account.core-vpc-sandbox
}

environment "core" {
  optional = true
  pool     = pool.core
  hub      = hub.moj
  layout   = layout.core
  size     = 19
}

# --- teams ----------------------------------------------------------------------------------
team "cica" {
  vpc "development" { range = "10.26.32.0/21" }
  vpc "preproduction" { range = "10.27.88.0/21" }
  vpc "production" { range = "10.27.80.0/21" }
  vpc "test" { range = "10.26.112.0/21" }
}

team "cjse" {
  vpc "development" { range = "10.26.80.0/21" }
  vpc "preproduction" { range = "10.27.120.0/21" }
  vpc "production" { range = "10.27.112.0/21" }
  vpc "test" { range = "10.26.88.0/21" }
}

team "garden" {
  environments = []

  vpc "sandbox" { range = "10.231.0.0/21" }
}

team "hmcts" {
  vpc "development" { range = "10.26.40.0/21" }
  vpc "preproduction" { range = "10.27.24.0/21" }
  vpc "production" { range = "10.27.16.0/21" }
  vpc "test" { range = "10.26.104.0/21" }
}

team "hmpps" {
  vpc "development" { range = "10.26.24.0/21" }
  vpc "preproduction" { range = "10.27.0.0/21" }
  vpc "production" { range = "10.27.8.0/21" }
  vpc "test" { range = "10.26.8.0/21" }
}

team "house" {
  environments = []

  vpc "sandbox" { range = "10.231.8.0/21" }
}

team "hq" {
  vpc "development" { range = "10.26.48.0/21" }
  vpc "preproduction" { range = "10.27.40.0/21" }
  vpc "production" { range = "10.27.32.0/21" }
  vpc "test" { range = "10.26.120.0/21" }
}

team "laa" {
  vpc "development" { range = "10.26.56.0/21" }
  vpc "preproduction" { range = "10.27.72.0/21" }
  vpc "production" { range = "10.27.64.0/21" }
  vpc "test" { range = "10.26.96.0/21" }
}

team "opg" {
  vpc "development" { range = "10.26.72.0/21" }
  vpc "preproduction" { range = "10.27.56.0/21" }
  vpc "production" { range = "10.27.48.0/21" }
  vpc "test" { range = "10.26.64.0/21" }
}

team "yjb" {
  vpc "development" { range = "10.26.144.0/21" }
  vpc "preproduction" { range = "10.27.144.0/21" }
  vpc "production" { range = "10.27.152.0/21" }
  vpc "test" { range = "10.26.152.0/21" }
}

team "platforms" {
  vpc "development" { range = "10.26.16.0/21" }
  vpc "preproduction" { range = "10.27.104.0/21" }
  vpc "production" { range = "10.27.96.0/21" }
  vpc "test" { range = "10.26.0.0/21" }

  vpc "core-network-services-live_data" {
    environment = environment.core
    name        = "core-network-services-live_data"
    range       = "10.20.0.0/19"
    segment     = segment.live_data
    account     = account.core-network-services-production
    layout      = layout.inline
    inspects    = true
  }

  vpc "core-network-services-non_live_data" {
    environment = environment.core
    name        = "core-network-services-non_live_data"
    range       = "10.20.32.0/19"
    segment     = segment.non_live_data
    account     = account.core-network-services-production
    layout      = layout.inline
    inspects    = true
  }

  vpc "core-shared-services-live_data" {
    environment = environment.core
    name        = "core-shared-services-live_data"
    range       = "10.20.64.0/19"
    segment     = segment.live_data
    account     = account.core-shared-services-production

    block "hmpps" {
      range  = "10.27.136.0/21"
      layout = layout.additional
      why    = "To be deleted once 10.20.0.0/16 is advertised internally."
    }
  }

  vpc "core-shared-services-non_live_data" {
    environment = environment.core
    name        = "core-shared-services-non_live_data"
    range       = "10.20.96.0/19"
    segment     = segment.non_live_data
    account     = account.core-shared-services-production
  }

  vpc "core-logging-live_data" {
    environment = environment.core
    name        = "core-logging-live_data"
    range       = "10.20.128.0/19"
    segment     = segment.live_data
    account     = account.core-logging-production
  }

  vpc "core-logging-non_live_data" {
    environment = environment.core
    name        = "core-logging-non_live_data"
    range       = "10.20.160.0/19"
    segment     = segment.non_live_data
    account     = account.core-logging-production
  }

  vpc "core-security-live_data" {
    environment = environment.core
    name        = "core-security-live_data"
    range       = "10.20.192.0/20"
    segment     = segment.live_data
    account     = account.core-security-production
  }

  vpc "core-security-non_live_data" {
    environment = environment.core
    name        = "core-security-non_live_data"
    range       = "10.20.208.0/20"
    segment     = segment.non_live_data
    account     = account.core-security-production
  }

  vpc "centralised-endpoints" {
    environment = environment.core
    name        = "centralised-endpoints"
    range       = "10.20.240.0/20"
    segment     = segment.centralised_endpoints
    account     = account.core-network-services-production
  }

  vpc "external_inspection" {
    environment = environment.core
    name        = "external_inspection"
    range       = "10.56.0.0/24"
    segment     = segment.inspection
    account     = account.core-network-services-production
    layout      = layout.external
    inspects    = true
    why         = "Outside every registered root; the register does not know it."
  }
}

# --- exceptions to the standard -------------------------------------------------------------
allow "cica-development-ap-db" {
  from  = [reserved.analytical-platform-dev]
  to    = [team.cica.development.private]
  ports = ["tcp/1521"]
}

allow "cica-production-ap-db" {
  from  = [reserved.analytical-platform]
  to    = [team.cica.production.data]
  ports = ["tcp/1521"]
}

allow "hmpps-sftp" {
  from  = [team.hmpps.production.private]
  to    = [reserved.sftp-165, reserved.sftp-199]
  ports = ["tcp/22"]
}

allow "laa-workspaces-nonlive" {
  from  = [reserved.laa-workspaces-dev]
  to    = [team.laa.development.private, team.laa.test.private]
  ports = ["tcp/443"]
}

allow "laa-sftp" { # the source wrote it three times per port and ACL: the duplicates can never match
  from  = [team.laa.private]
  to    = [any]
  ports = ["tcp/22", "tcp/8022"]
}
