backend "s3" {
  bucket     = "states"
  secret_key = "not-to-be-written-here"
}
