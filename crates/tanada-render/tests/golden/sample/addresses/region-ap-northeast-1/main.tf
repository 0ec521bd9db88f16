# Written by tanada; change `network/`, not this file.
output "name" {
  description = "The cloud's name of the region."
  value       = "ap-northeast-1"
}

output "zones" {
  description = "Availability Zone ids by letter."
  value = {
    a = "apne1-az4"
    c = "apne1-az1"
    d = "apne1-az2"
  }
}
