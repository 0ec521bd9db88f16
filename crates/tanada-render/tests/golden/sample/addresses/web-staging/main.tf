# Written by tanada; change `network/`, not this file.
output "blocks" {
  description = "The blocks of m3-web-staging: what others route to and allow."
  value = [
    "10.65.0.0/20",
  ]
}

output "tiers" {
  description = "The tiers, with the room that growth may take: what rules are written against."
  value = {
    private = [
      "10.65.0.0/22",
    ]
  }
}
