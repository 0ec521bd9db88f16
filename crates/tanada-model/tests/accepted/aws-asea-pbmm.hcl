# AWS Secure Environment Accelerator, PBMM: sizes only; two blocks in a VPC; a third zone held, not made.
# Ids are not public: each becomes a variable of the roots that need it.
account "shared-network" {}
account "perimeter" {}
account "Sandbox" {}

region "ca-central-1" {
  zones = { a = "cac1-az1", b = "cac1-az2", d = "cac1-az4" }
}

pool "main" { range = "10.0.0.0/13" }
pool "rfc6598a" { range = "100.96.252.0/23" }
pool "rfc6598b" { range = "100.96.250.0/23" }
pool "for-sso" { range = "10.249.1.0/24" }

hub "main" {
  region  = region.ca-central-1
  asn     = 65521
  account = account.shared-network
}

segment "core" { reaches = [segment.core, segment.segregated, segment.shared] }

segment "segregated" {
  default = site.firewall # derived: drops its own VPCs (`blackhole_own_cidr` in the source)
}

segment "shared" {
  reaches = [segment.shared, segment.segregated]
  default = site.firewall
}

site "firewall" {
  segment = segment.core

  link "vpn" {
    kind = "attachment"
    asn  = 65523
  }
}

layout "workload" {
  zones = ["a", "b"]
  slots = 3 # d is held; slots = 4 needs 1.1 of a /16

  tier "App" {
    newbits  = 3
    internet = "out"
  }

  tier "Web" {
    newbits  = 4
    internet = "out"
  }

  tier "Data" {
    newbits  = 4
    internet = "out"

    deny "web" {
      from = [tier.Web]
      to   = [tier.Web]
    }

    deny "central" {
      from = [team.Central.main.Data]
      to   = [team.Central.main.Data]
    }

    allow "rest" {
      from = [any]
      to   = [any]
    }
  }

  tier "Mgmt" {
    newbits  = 5
    internet = "out"
  }

  tier "TGW" {
    size   = 27
    attach = true
  }
}

layout "app2" {
  zones = ["a", "b"]
  slots = 3

  tier "App2" { newbits = 2 }
}

layout "endpoint" {
  zones = ["a", "b"]
  slots = 2

  tier "Endpoint" {
    newbits = 2
    attach  = true # workloads beside the attachment: an error by rule (domain.md 2.5), accepted below
  }
}

layout "detonation" {
  zones = ["a", "b"]
  slots = 2

  tier "Detonation" { newbits = 2 }
}

layout "perimeter" {
  zones = ["a", "b"]
  slots = 2

  tier "Public" {
    newbits  = 3
    internet = "in"
  }

  tier "OnPremise" { newbits = 3 }
  tier "Proxy" { newbits = 3 }
  tier "FWMgmt" { newbits = 4 }
}

environment "main" {
  optional = true
  pool     = pool.main
  hub      = hub.main
  segment  = segment.segregated
  layout   = layout.workload
  size     = 16
  headroom = 0 # 6 VPCs of /16 and 2 of /22 in a /13
  account  = account.shared-network
}

team "shared-network" {
  vpc "endpoint" {
    size    = 22
    layout  = layout.endpoint
    segment = segment.core
  }
}

team "perimeter" {
  account = account.perimeter

  vpc "perimeter" {
    size   = 22
    layout = layout.detonation
    hub    = null

    block "public" {
      pool   = pool.rfc6598b
      size   = 23
      layout = layout.perimeter
    }
  }
}

team "Central" {
  vpc "main" {
    segment = segment.shared

    block "app2" {
      pool   = pool.rfc6598a
      size   = 23
      layout = layout.app2
    }
  }
}

team "Dev" {
  vpc "main" {}
}

team "Sandbox" {
  account = account.Sandbox

  vpc "main" { hub = null }
}

accept "workload-in-attach-tier" {
  on  = [team.shared-network.endpoint]
  why = "Interface endpoints only; recorded so."
}
# Test, Prod, UnClass as Dev. ForSSO: its pool, size = 24, hub = null. Not sayable: VPC peering ForSSO-App2, routes to a firewall's interface.
