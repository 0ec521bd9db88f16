team "c" {}

team "a" {}

logs {
  bucket = "flow-logs"
}
