# Written by tanada; change `network/`, not this file.
# Constants only: these modules make nothing.
module "estate" {
  source = "../../../addresses/estate"
}

module "aggregates" {
  source = "../../../addresses/aggregates"
}

module "region_ap_northeast_1" {
  source = "../../../addresses/region-ap-northeast-1"
}

module "hub_tokyo" {
  source = "../../../addresses/hub-tokyo"
}

module "payments_production" {
  source = "../../../addresses/payments-production"
}

module "web_staging" {
  source = "../../../addresses/web-staging"
}
