names = "{vpc}-{team}"

team "web" {
  owner = "a"
  owner = "b"
}
