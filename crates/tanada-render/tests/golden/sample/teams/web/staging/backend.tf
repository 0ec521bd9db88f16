# Written by tanada; change `network/`, not this file.
terraform {
  backend "s3" {
    key = "teams/web/staging.tfstate"
  }
}
