# The standard: what a VPC looks like here. Teams get it without asking.

layout "service" {
  zones = ["a", "c", "d"]
  why   = "Three zones survive the loss of one. Room for a fourth is kept (slots = 4, the default)."

  # Half of the VPC. `newbits = 3`: each zone has an eighth of the block, and there is room for four zones.
  tier "private" {
    newbits  = 3
    internet = "out"
    why      = "Services run here. They may call out, and nobody calls in from the internet."
  }

  # A quarter.
  tier "public" {
    newbits  = 4
    internet = "in"
    why      = "Load balancers and NAT gateways."
  }

  # An eighth. `accepts` guards the tier: only the tiers listed may open connections to it.
  tier "data" {
    newbits = 5
    accepts = [tier.private]
    why     = "Databases answer to the services beside them and to nobody else."
  }

  # The smallest subnets that AWS makes, with nothing but the gateway's interfaces in them.
  tier "transit" {
    size   = 28
    attach = true
    why    = "AWS advises subnets of their own for the attachment, so that its ACL can stay open."
  }
}

environment "production" {
  pool    = pool.production
  hub     = hub.tokyo
  segment = segment.production
  layout  = layout.service

  # @PRODUCTION_ADDRESSES@ addresses for a VPC. Half of each subnet's room is kept for its growth (headroom = 1, the default).
  size = @PRODUCTION_SIZE@
  why  = "What customers use."
}

environment "staging" {
  pool    = pool.staging
  hub     = hub.tokyo
  segment = segment.staging
  layout  = layout.service
  size    = @STAGING_SIZE@
  why     = "The same shape as production, so that what works here works there."
}

# Flow logs of every VPC go to one bucket, which is yours to make. Name it here, and take away what follows it.
# logs { bucket = "example-flow-logs" }

# A new account has five Elastic IP addresses in a region, and every NAT gateway takes one.
quotas {
  elastic_ips_per_region = 20
  why                    = "To be asked for before the first apply; or `nat = \"one\"` in the layout, which needs four."
}

# `tanada check` warns of what is risky. What is a choice is said once, with its reason.
accept "flow-log-missing" {
  why = "There is no bucket for flow logs yet."
}
