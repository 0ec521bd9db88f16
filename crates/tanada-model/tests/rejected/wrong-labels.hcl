team {}

team "a" "b" {}

logs "x" {
  bucket = "flow-logs"
}
