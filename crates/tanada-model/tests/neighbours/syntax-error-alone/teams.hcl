team "shop" {
  environments = [environment.staging]
}
