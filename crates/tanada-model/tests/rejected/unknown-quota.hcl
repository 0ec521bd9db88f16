quotas {
  acl_rule = 40
  elephants = 2
}
