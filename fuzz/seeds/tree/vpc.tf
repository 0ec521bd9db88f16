# Written by tanada; change `network/`, not this file.
module "vpc" {
  source = "../../../modules/vpc"

  providers = {
    aws     = aws
    aws.hub = aws
  }

  name   = "m3-web-production"
  blocks = module.web_production.blocks
  zones  = module.region_ap_northeast_1.zones

  subnets = [
    { name = "private-a", tier = "private", zone = "a", cidr = "10.30.160.0/23" },
    { name = "private-c", tier = "private", zone = "c", cidr = "10.30.164.0/23" },
    { name = "private-d", tier = "private", zone = "d", cidr = "10.30.168.0/23" },

    { name = "public-a", tier = "public", zone = "a", cidr = "10.30.176.0/24" },
    { name = "public-c", tier = "public", zone = "c", cidr = "10.30.178.0/24" },
    { name = "public-d", tier = "public", zone = "d", cidr = "10.30.180.0/24" },

    { name = "data-a", tier = "data", zone = "a", cidr = "10.30.184.0/25" },
    { name = "data-c", tier = "data", zone = "c", cidr = "10.30.185.0/25" },
    { name = "data-d", tier = "data", zone = "d", cidr = "10.30.186.0/25" },

    { name = "transit-a", tier = "transit", zone = "a", cidr = "10.30.188.0/28" },
    { name = "transit-c", tier = "transit", zone = "c", cidr = "10.30.188.16/28" },
    { name = "transit-d", tier = "transit", zone = "d", cidr = "10.30.188.32/28" },
  ]

  routes = [
    { tier = "private", to = "pool.m3", target = "transit", cidr = module.estate.ranges.m3 },
    { tier = "private", to = "internet", target = "nat", cidr = "0.0.0.0/0" },
    { tier = "public", to = "pool.m3", target = "transit", cidr = module.estate.ranges.m3 },
    { tier = "public", to = "internet", target = "internet", cidr = "0.0.0.0/0" },
    { tier = "data", to = "pool.m3", target = "transit", cidr = module.estate.ranges.m3 },
  ]

  internet_gateway = true

  nat_gateways = [
    { zone = "a", subnet = "public-a" },
    { zone = "c", subnet = "public-c" },
    { zone = "d", subnet = "public-d" },
  ]

  gateway_endpoints = [
    { service = "dynamodb", tiers = ["private"] },
    { service = "s3", tiers = ["private"] },
  ]

  # 1000 for each host bit of the peer, so that the narrowest peer decides first.
  acls = [
    {
      tier = "private"

      ingress = [
        { number = 11664, action = "allow", protocol = "tcp", from = 1024, to = 65535, cidr = module.platform_shared.tiers.private[0], why = "login, return" },
        { number = 11681, action = "allow", protocol = "tcp", from = 1024, to = 65535, cidr = module.payments_production.tiers.private[0], why = "checkout, return" },
        { number = 13400, action = "allow", protocol = "-1", from = 0, to = 0, cidr = module.web_production.blocks[0], why = "within the VPC" },
        { number = 24931, action = "deny", protocol = "-1", from = 0, to = 0, cidr = module.estate.ranges.m3, why = "the internet is not the estate" },
        { number = 32445, action = "allow", protocol = "tcp", from = 1024, to = 3388, cidr = "0.0.0.0/0", why = "private to the internet, return" },
        { number = 32446, action = "allow", protocol = "tcp", from = 3390, to = 65535, cidr = "0.0.0.0/0", why = "private to the internet, return" },
      ]

      egress = [
        { number = 11574, action = "allow", protocol = "tcp", from = 443, to = 443, cidr = module.payments_production.tiers.private[0], why = "checkout" },
        { number = 11575, action = "allow", protocol = "tcp", from = 443, to = 443, cidr = module.platform_shared.tiers.private[0], why = "login" },
        { number = 13400, action = "allow", protocol = "-1", from = 0, to = 0, cidr = module.web_production.blocks[0], why = "within the VPC" },
        { number = 24931, action = "deny", protocol = "-1", from = 0, to = 0, cidr = module.estate.ranges.m3, why = "the internet is not the estate" },
        { number = 32440, action = "allow", protocol = "tcp", from = 443, to = 443, cidr = "0.0.0.0/0", why = "private to the internet" },
      ]
    },
    {
      tier = "public"

      ingress = [
        { number = 11664, action = "allow", protocol = "tcp", from = 1024, to = 65535, cidr = module.platform_shared.tiers.private[0], why = "login, return" },
        { number = 11681, action = "allow", protocol = "tcp", from = 1024, to = 65535, cidr = module.payments_production.tiers.private[0], why = "checkout, return" },
        { number = 13400, action = "allow", protocol = "-1", from = 0, to = 0, cidr = module.web_production.blocks[0], why = "within the VPC" },
        { number = 24931, action = "deny", protocol = "-1", from = 0, to = 0, cidr = module.estate.ranges.m3, why = "the internet is not the estate" },
        { number = 32440, action = "allow", protocol = "tcp", from = 443, to = 443, cidr = "0.0.0.0/0", why = "the internet to public" },
        { number = 32455, action = "allow", protocol = "tcp", from = 1024, to = 3388, cidr = "0.0.0.0/0", why = "to the internet by NAT, return" },
        { number = 32456, action = "allow", protocol = "tcp", from = 3390, to = 65535, cidr = "0.0.0.0/0", why = "to the internet by NAT, return" },
      ]

      egress = [
        { number = 11574, action = "allow", protocol = "tcp", from = 443, to = 443, cidr = module.payments_production.tiers.private[0], why = "checkout" },
        { number = 11575, action = "allow", protocol = "tcp", from = 443, to = 443, cidr = module.platform_shared.tiers.private[0], why = "login" },
        { number = 13400, action = "allow", protocol = "-1", from = 0, to = 0, cidr = module.web_production.blocks[0], why = "within the VPC" },
        { number = 24931, action = "deny", protocol = "-1", from = 0, to = 0, cidr = module.estate.ranges.m3, why = "the internet is not the estate" },
        { number = 32445, action = "allow", protocol = "tcp", from = 1024, to = 65535, cidr = "0.0.0.0/0", why = "the internet to public, return" },
        { number = 32450, action = "allow", protocol = "tcp", from = 443, to = 443, cidr = "0.0.0.0/0", why = "to the internet by NAT" },
      ]
    },
    {
      tier = "data"

      ingress = [
        { number = 10400, action = "allow", protocol = "-1", from = 0, to = 0, cidr = module.web_production.tiers.data[0], why = "within the tier" },
        { number = 12410, action = "allow", protocol = "-1", from = 0, to = 0, cidr = module.web_production.tiers.private[0], why = "private to data" },
      ]

      egress = [
        { number = 10400, action = "allow", protocol = "-1", from = 0, to = 0, cidr = module.web_production.tiers.data[0], why = "within the tier" },
        { number = 12415, action = "allow", protocol = "tcp", from = 1024, to = 65535, cidr = module.web_production.tiers.private[0], why = "private to data, return" },
        { number = 12416, action = "allow", protocol = "udp", from = 1024, to = 65535, cidr = module.web_production.tiers.private[0], why = "private to data, return" },
      ]
    },
    {
      tier = "transit"

      ingress = [
        { number = 13400, action = "allow", protocol = "-1", from = 0, to = 0, cidr = module.web_production.blocks[0], why = "between the transit gateway and the VPC" },
      ]

      egress = [
        { number = 13400, action = "allow", protocol = "-1", from = 0, to = 0, cidr = module.web_production.blocks[0], why = "between the transit gateway and the VPC" },
      ]
    },
  ]

  flow_log_bucket_arn = module.estate.flow_log_bucket_arn

  transit = {
    gateway      = module.hub_tokyo.gateway
    tier         = "transit"
    segment      = "production"
    propagate_to = ["gcp", "production", "shared", "tokyo-dc"]
  }
}
