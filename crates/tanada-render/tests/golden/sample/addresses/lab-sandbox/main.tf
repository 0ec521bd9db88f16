# Written by tanada; change `network/`, not this file.
module "estate" {
  source = "../estate"
}

locals {
  blocks = [
    # all of lab
    module.estate.ranges.lab,
  ]
}

output "blocks" {
  description = "The blocks of lab-sandbox: what others route to and allow."
  value       = local.blocks
}

output "tiers" {
  description = "The tiers, with the room that growth may take: what rules are written against."
  value = {
    all = [
      local.blocks[0],
    ]
  }
}
