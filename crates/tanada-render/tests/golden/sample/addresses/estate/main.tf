# Written by tanada; change `network/`, not this file.
locals {
  pools_staging = [
    # cidrsubnet(m3, 3, 2)
    "10.64.0.0/11",
  ]

  ranges_lab = "172.20.0.0/16"

  ranges_m3 = "10.0.0.0/8"
}

output "ranges" {
  description = "Root pools: the ranges that a person wrote."
  value = {
    # The one range that a person wrote.
    m3 = local.ranges_m3

    lab = local.ranges_lab
  }
}

output "pools" {
  description = "Inner pools, by extent: the first, then those of growth."
  value = {
    # "; ${file("x")} %{if true}
    # resource "x" "y" {}
    # # | `c` <b> ```  */ --> [a](b) \
    production = [
      # cidrsubnet(m3, 2, 0)
      "10.0.0.0/10",
      # cidrsubnet(m3, 2, 2)
      "10.128.0.0/10",
    ]

    staging = local.pools_staging

    the_same_again = [
      local.pools_staging[0],
    ]
  }
}

output "reserved" {
  description = "Ranges of others, which are never handed out."
  value = {
    # It is not ours.
    tokyo_dc = "10.240.0.0/12"

    lab_too = local.ranges_lab
  }
}

output "sites" {
  description = "What lies at sites."
  value = {
    osaka = [
      "192.168.8.0/24",
      "203.0.113.0/24",
    ]
  }
}

output "private" {
  description = "The private ranges of RFC 1918."
  value = [
    local.ranges_m3,
    "172.16.0.0/12",
    "192.168.0.0/16",
  ]
}

output "flow_log_bucket_arn" {
  description = "S3 bucket that receives every flow log."
  value       = "arn:aws:s3:::m3-flow-logs"
}
