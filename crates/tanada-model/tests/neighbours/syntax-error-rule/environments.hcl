environment "production" {
  pool    = pool.m
  size    = 20
  layout  = layout.service
  segment = segment.main
}
