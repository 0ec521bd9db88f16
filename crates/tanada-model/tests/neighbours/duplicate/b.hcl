team "shop" {
  owner = "a"
}
