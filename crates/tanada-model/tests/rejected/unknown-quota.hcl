quotas {
  acl_rule = 40
  elephants = 2
  why       = "We have many."
}
