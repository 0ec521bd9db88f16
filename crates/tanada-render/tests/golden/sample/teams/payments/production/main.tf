# Written by tanada; change `network/`, not this file.
# "; ${file("x")} %{if true}
# resource "x" "y" {}
# # | `c` <b> ```  */ --> [a](b) \
locals {
  # Sums of other networks' blocks that no other root needs.
  aggregates = {
    near = "192.168.16.0/20"
  }
}

module "vpc" {
  source = "../../../modules/vpc"

  providers = {
    aws     = aws
    aws.hub = aws.hub
  }

  name   = "m3-payments-production"
  blocks = module.payments_production.blocks
  zones  = module.region_ap_northeast_1.zones

  subnets = [
    { name = "private-a", tier = "private", zone = "a", cidr = "10.1.64.0/23" },
    { name = "private-c", tier = "private", zone = "c", cidr = "10.1.68.0/23" },
    { name = "private-a-block2", tier = "private", zone = "a", cidr = "10.2.64.0/23" },

    { name = "public-a", tier = "public", zone = "a", cidr = "10.1.80.0/24" },
    { name = "public-c", tier = "public", zone = "c", cidr = "10.1.82.0/24" },

    { name = "uplink-a", tier = "uplink", zone = "a", cidr = "10.1.92.0/28" },
    { name = "uplink-c", tier = "uplink", zone = "c", cidr = "10.1.92.16/28" },
  ]

  routes = [
    { tier = "private", to = "m3", target = "transit", cidr = module.estate.ranges.m3 },
    { tier = "private", to = "near", target = "transit", cidr = local.aggregates.near },
    { tier = "private", to = "internet", target = "nat", cidr = "0.0.0.0/0" },
    { tier = "public", to = "internet", target = "internet", cidr = "0.0.0.0/0" },
  ]

  internet_gateway = true

  nat_gateways = [
    { zone = "a", subnet = "public-a" },
    { zone = "c", subnet = "public-c" },
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
    gateway        = module.hub_tokyo.gateway
    tier           = "uplink"
    segment        = "production"
    propagate_to   = ["production", "shared"]
    accept         = true
    appliance_mode = true
    routes = [
      { segment = "shared", to = "default", cidr = "0.0.0.0/0" },
    ]
  }
}

moved {
  from = module.vpc.aws_subnet.this["app-a"]
  to   = module.vpc.aws_subnet.this["private-a"]
}

moved {
  from = module.vpc.aws_route_table.this["app-a"]
  to   = module.vpc.aws_route_table.this["private-a"]
}

moved {
  from = module.vpc.aws_route_table_association.this["app-a"]
  to   = module.vpc.aws_route_table_association.this["private-a"]
}

moved {
  from = module.vpc.aws_route.this["app-a/internet"]
  to   = module.vpc.aws_route.this["private-a/internet"]
}

moved {
  from = module.vpc.aws_network_acl.this["app"]
  to   = module.vpc.aws_network_acl.this["private"]
}
