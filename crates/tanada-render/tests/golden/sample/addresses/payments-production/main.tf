# Written by tanada; change `network/`, not this file.
output "blocks" {
  description = "The blocks of m3-payments-production: what others route to and allow."
  value = [
    # cidrsubnet(production, 9, 10)
    "10.1.64.0/19",
    "10.2.64.0/19",
  ]
}

output "tiers" {
  description = "The tiers, with the room that growth may take: what rules are written against."
  value = {
    private = [
      "10.1.64.0/20",
      "10.2.64.0/20",
    ]

    public = [
      "10.1.80.0/21",
    ]
  }
}
