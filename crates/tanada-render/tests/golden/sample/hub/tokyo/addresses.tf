# Written by tanada; change `network/`, not this file.
# Constants only: these modules make nothing.
module "estate" {
  source = "../../addresses/estate"
}

module "account_m3_payments" {
  source = "../../addresses/account-m3-payments"
}

module "region_ap_northeast_1" {
  source = "../../addresses/region-ap-northeast-1"
}

module "hub_tokyo" {
  source = "../../addresses/hub-tokyo"
}
