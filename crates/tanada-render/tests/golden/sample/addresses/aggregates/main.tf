# Written by tanada; change `network/`, not this file.
output "web_and_mail" {
  description = "A sum of blocks of several networks, which several roots need."
  value       = "10.1.0.0/18"
}
