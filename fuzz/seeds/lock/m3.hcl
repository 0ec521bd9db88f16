# What earlier runs of tanada promised. Commit it; do not edit it.
# After a merge conflict: take the lock of the branch you merge into, whole, and run `tanada generate` again.
format = 1

pool "m3" {
  claims = [
    { at = "/10#0", pool = "production" },
    { at = "/11#2", pool = "staging" },
    { at = "/12#7", pool = "gcp" },
  ]
}

pool "production" {
  claims = [
    { at = "/16#1", vpc = "ai/production", headroom = 1 },
    { at = "/19#240", vpc = "mobile/production", headroom = 1 },
    { at = "/19#241", vpc = "partners/production", headroom = 1 },
    { at = "/19#242", vpc = "search/production", headroom = 1 },
    { at = "/19#243", vpc = "shipping/production", headroom = 1 },
    { at = "/19#244", vpc = "stock/production", headroom = 1 },
    { at = "/19#245", vpc = "web/production", headroom = 1 },
    { at = "/21#984", vpc = "data/batch", headroom = 1 },
    { at = "/20#496", vpc = "payments/production" },
    { at = "/20#497", vpc = "platform/shared", headroom = 1 },
    { at = "/19#249", vpc = "billing/production", headroom = 1 },
    { at = "/19#250", vpc = "catalog/production", headroom = 1 },
    { at = "/19#251", vpc = "data/production", headroom = 1 },
    { at = "/19#252", vpc = "fraud/production", headroom = 1 },
    { at = "/19#253", vpc = "legacy/production", headroom = 1 },
    { at = "/19#254", vpc = "login/production", headroom = 1 },
    { at = "/19#255", vpc = "mail/production", headroom = 1 },
  ]
}

pool "staging" {
  claims = [
    { at = "/20#0", vpc = "ai/staging", headroom = 1 },
    { at = "/20#1", vpc = "billing/staging", headroom = 1 },
    { at = "/20#2", vpc = "catalog/staging", headroom = 1 },
    { at = "/20#3", vpc = "data/staging", headroom = 1 },
    { at = "/20#4", vpc = "login/staging", headroom = 1 },
    { at = "/20#5", vpc = "mail/staging", headroom = 1 },
    { at = "/20#6", vpc = "mobile/staging", headroom = 1 },
    { at = "/20#7", vpc = "partners/staging", headroom = 1 },
    { at = "/20#8", vpc = "payments/staging", headroom = 1 },
    { at = "/20#9", vpc = "search/staging", headroom = 1 },
    { at = "/20#10", vpc = "shipping/staging", headroom = 1 },
    { at = "/20#11", vpc = "stock/staging", headroom = 1 },
    { at = "/20#12", vpc = "web/staging", headroom = 1 },
  ]
}

layout "service" {
  zones = [
    { zone = "a", index = 0 },
    { zone = "c", index = 1 },
    { zone = "d", index = 2 },
  ]

  tiers = [
    { block = 16, tier = "private", node = 19, netnum = 0, slots = 4 },
    { block = 16, tier = "public", node = 20, netnum = 8, slots = 4 },
    { block = 16, tier = "data", node = 21, netnum = 24, slots = 4 },
    { block = 16, tier = "transit", node = 28, netnum = 3584, slots = 4 },
    { block = 19, tier = "private", node = 22, netnum = 0, slots = 4 },
    { block = 19, tier = "public", node = 23, netnum = 8, slots = 4 },
    { block = 19, tier = "data", node = 24, netnum = 24, slots = 4 },
    { block = 19, tier = "transit", node = 28, netnum = 448, slots = 4 },
    { block = 20, tier = "private", node = 23, netnum = 0, slots = 4 },
    { block = 20, tier = "public", node = 24, netnum = 8, slots = 4 },
    { block = 20, tier = "data", node = 25, netnum = 24, slots = 4 },
    { block = 20, tier = "transit", node = 28, netnum = 224, slots = 4 },
    { block = 21, tier = "private", node = 24, netnum = 0, slots = 4 },
    { block = 21, tier = "public", node = 25, netnum = 8, slots = 4 },
    { block = 21, tier = "data", node = 26, netnum = 24, slots = 4 },
    { block = 21, tier = "transit", node = 28, netnum = 112, slots = 4 },
  ]
}

intents = [
  "checkout",
  "ledger",
  "login",
]

# The end of the lock.
