# Written by tanada; change `network/`, not this file.
module "vpc" {
  source = "../../../modules/vpc"

  providers = {
    aws     = aws
    aws.hub = aws
  }

  name   = "lab-sandbox"
  blocks = module.lab_sandbox.blocks
  zones  = module.region_ap_northeast_1.zones

  subnets = [
    { name = "all-a", tier = "all", zone = "a", cidr = module.lab_sandbox.tiers.all[0] },
  ]

  # 1000 for each host bit of the peer, so that the narrowest peer decides first.
  acls = [
    {
      tier = "all"

      ingress = []

      egress = []
    },
  ]
}
