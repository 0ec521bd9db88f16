# Written by tanada; change `network/`, not this file.
module "vpc" {
  source = "../../../modules/vpc"

  providers = {
    aws     = aws
    aws.hub = aws
  }

  name   = "m3-web-staging"
  blocks = module.web_staging.blocks
  zones  = module.region_ap_northeast_1.zones

  subnets = [
    { name = "private-a", tier = "private", zone = "a", cidr = "10.65.0.0/25" },
    { name = "private-c", tier = "private", zone = "c", cidr = "10.65.1.0/25" },

    { name = "public-a", tier = "public", zone = "a", cidr = "10.65.8.0/25" },

    { name = "uplink-a", tier = "uplink", zone = "a", cidr = "10.65.12.0/28" },
  ]

  routes = [
    { tier = "private", to = "internet", target = "nat", cidr = "0.0.0.0/0" },
    { tier = "public", to = "internet", target = "internet", cidr = "0.0.0.0/0" },
  ]

  internet_gateway = true

  nat_gateways = [
    { zone = "a", subnet = "public-a" },
  ]

  gateway_endpoints = [
    { service = "dynamodb", tiers = ["private"] },
    { service = "s3", tiers = ["private", "public"] },
  ]

  # 1000 for each host bit of the peer, so that the narrowest peer decides first.
  acls = [
    {
      tier = "private"

      ingress = [
        { number = 12400, action = "allow", protocol = "-1", from = 0, to = 0, cidr = module.payments_production.tiers.private[0], why = "\"; $${file(\"x\")} %%{if true}\nresource \"x\" \"y\" {}\r# | `c` <b> ```\u202e */ --> [a](b) \\" },
        { number = 13500, action = "allow", protocol = "tcp", from = 443, to = 443, cidr = module.web_staging.blocks[0], why = "\"; $${file(\"x\")} %%{if true}\nresource \"x\" \"y\" {}\r# | `c` <b> ```\u202e */ --> [a](b) \\" },
        { number = 14500, action = "allow", protocol = "udp", from = 0, to = 65535, cidr = module.aggregates.web_and_mail, why = "\"; $${file(\"x\")} %%{if true}\nresource \"x\" \"y\" {}\r# | `c` <b> ```\u202e */ --> [a](b) \\" },
        { number = 21500, action = "allow", protocol = "icmp", from = 0, to = 0, cidr = module.estate.private[1], why = "\"; $${file(\"x\")} %%{if true}\nresource \"x\" \"y\" {}\r# | `c` <b> ```\u202e */ --> [a](b) \\" },
        { number = 24100, action = "deny", protocol = "-1", from = 0, to = 0, cidr = module.estate.ranges.m3, why = "\"; $${file(\"x\")} %%{if true}\nresource \"x\" \"y\" {}\r# | `c` <b> ```\u202e */ --> [a](b) \\" },
        { number = 32400, action = "allow", protocol = "tcp", from = 1024, to = 3388, cidr = "0.0.0.0/0", why = "\"; $${file(\"x\")} %%{if true}\nresource \"x\" \"y\" {}\r# | `c` <b> ```\u202e */ --> [a](b) \\" },
      ]

      egress = [
        { number = 32400, action = "allow", protocol = "tcp", from = 0, to = 65535, cidr = "0.0.0.0/0", why = "\"; $${file(\"x\")} %%{if true}\nresource \"x\" \"y\" {}\r# | `c` <b> ```\u202e */ --> [a](b) \\" },
      ]
    },
    {
      tier = "public"

      ingress = [
        { number = 13400, action = "allow", protocol = "-1", from = 0, to = 0, cidr = module.payments_production.blocks[0], why = "\"; $${file(\"x\")} %%{if true}\nresource \"x\" \"y\" {}\r# | `c` <b> ```\u202e */ --> [a](b) \\" },
      ]

      egress = []
    },
    {
      tier = "uplink"

      ingress = [
        { number = 13400, action = "allow", protocol = "-1", from = 0, to = 0, cidr = module.payments_production.blocks[0], why = "\"; $${file(\"x\")} %%{if true}\nresource \"x\" \"y\" {}\r# | `c` <b> ```\u202e */ --> [a](b) \\" },
      ]

      egress = []
    },
  ]

  flow_log_bucket_arn = module.estate.flow_log_bucket_arn

  transit = {
    gateway      = module.hub_tokyo.gateway
    tier         = "uplink"
    segment      = "shared"
    propagate_to = []
  }
}
