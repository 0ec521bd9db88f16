# Written by tanada; change `network/`, not this file.
# Constants only: these modules make nothing.
module "region_ap_northeast_1" {
  source = "../../../addresses/region-ap-northeast-1"
}

module "lab_sandbox" {
  source = "../../../addresses/lab-sandbox"
}
