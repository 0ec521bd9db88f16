# Written by tanada; change `network/`, not this file.
provider "aws" {
  region = module.region_ap_northeast_1.name
}
