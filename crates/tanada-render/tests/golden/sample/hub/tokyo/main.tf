# Written by tanada; change `network/`, not this file.
locals {
  # Sums of other networks' blocks that no other root needs.
  aggregates = {
    others = "10.192.0.0/11"
  }
}

module "hub" {
  source = "../../modules/hub"

  name = module.hub_tokyo.gateway
  asn  = 64512

  segments = [
    {
      name = "production"
      blackholes = [
        { to = "staging", cidr = module.estate.pools.staging[0] },
        { to = "others", cidr = local.aggregates.others },
      ]
    },
    {
      name = "shared"
    },
  ]

  attachments = [
    {
      name         = "osaka"
      id           = var.attachment_osaka
      segment      = "shared"
      propagate_to = ["production"]
      routes = [
        { segment = "production", to = "osaka", cidr = module.estate.sites.osaka[0] },
        { segment = "shared", to = "osaka", cidr = module.estate.sites.osaka[0] },
      ]
    },
    {
      name         = "tokyo-dc"
      id           = "tgw-attach-0123456789abcdef0"
      segment      = "production"
      propagate_to = []
    },
  ]

  share_with = [
    { name = "m3-payments", account = module.account_m3_payments.id },
    { name = "unknown-one", account = var.account_unknown_one },
  ]
}
