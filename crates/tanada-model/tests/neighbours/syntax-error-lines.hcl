team "web" {
  owner = "a"
}
