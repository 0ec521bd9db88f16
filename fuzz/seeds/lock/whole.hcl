# What earlier runs of tanada promised. Commit it; do not edit it.
format = 1

pool "main" {
  claims = [
    { at = "/10#1", pool = "production" },
    { extent = 1, at = "/12#0", pool = "staging", part = 1 },
  ]
}

pool "production" {
  claims = [
    { at = "/19#10", vpc = "payments-production", headroom = 1 },
    { at = "/20#24", vpc = "web-production", block = 2, headroom = 1, cut = 2 },
    { at = "/20#26", vpc = "web-production", block = "eks", state = "retired" },
  ]
}

layout "service" {
  zones = [
    { zone = "a", index = 0 },
    { zone = "c", index = 1, state = "retired" },
  ]

  tiers = [
    { block = 19, tier = "private", node = 22, netnum = 0, slots = 4, extra = [{ zone = 4, netnum = 7 }] },
  ]
}

births = [
  { vpc = "web-production", birth = "teams/www/production" },
]

leaving = [
  { vpc = "old-production", how = "destroyed" },
]

intents = [
  "web-to-payments",
]

# The end of the lock.
