backend "s3" {
  bucket = "states"
  region = "eu-west-2"
}
