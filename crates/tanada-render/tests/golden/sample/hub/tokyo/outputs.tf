# Written by tanada; change `network/`, not this file.
output "hub" {
  description = "Everything that modules/hub gives: ids of the Transit Gateway and of its route tables."
  value       = module.hub
}
