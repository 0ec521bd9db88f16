backend "s3" {
  bucket = "states"
  key    = "network"
}
