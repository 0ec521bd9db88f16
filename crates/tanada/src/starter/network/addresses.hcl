# The addresses: the only ones that a person writes.

# Everything is cut from this one range. Change it here, and every address that follows from it changes with it.
pool "main" {
  range = "@RANGE@"
  why   = "The private range that the company gave to the clouds."

  # Half of the range. Its place in it is chosen at the first run and kept in network.lock.hcl.
  pool "production" {
    size = @PRODUCTION_POOL@
    why  = "One block for all of production, so that a firewall elsewhere needs one rule for it."
  }

  # A quarter. The last quarter is free, for whatever comes.
  pool "staging" {
    size = @STAGING_POOL@
    why  = "Apart from production, so that no address can be mistaken for one of it."
  }
}
