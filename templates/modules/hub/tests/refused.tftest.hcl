# Inputs that this module refuses before anything is made.

mock_provider "aws" {}

variables {
  name     = "m3-tokyo"
  asn      = 64512
  segments = [{ name = "production" }]
}

run "a_public_as_number" {
  command = plan

  variables {
    asn = 65535
  }

  expect_failures = [var.asn]
}

run "two_segments_of_one_name" {
  command = plan

  variables {
    segments = [{ name = "production" }, { name = "production" }]
  }

  expect_failures = [var.segments]
}

run "a_share_with_no_account" {
  command = plan

  variables {
    share_with = [{ name = "web", account = "2222" }]
  }

  expect_failures = [var.share_with]
}
