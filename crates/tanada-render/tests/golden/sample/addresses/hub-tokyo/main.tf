# Written by tanada; change `network/`, not this file.
output "gateway" {
  description = "Name tag of the Transit Gateway of tokyo, by which VPCs find it."
  value       = "m3-tokyo"
}
