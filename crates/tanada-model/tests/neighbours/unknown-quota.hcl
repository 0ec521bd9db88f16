quotas {
  acl_rules = 40
  hubs_per_region = 2
  why       = "We have many."
}
