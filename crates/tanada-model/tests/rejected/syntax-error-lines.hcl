team "web" {
  owner = "a
}
