pool "m" { range = "10.0.0.0/8" }

severity "one-zone" {
  level = "error"
  why   = "To test."
}
