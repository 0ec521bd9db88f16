# Written by tanada; change `network/`, not this file.
# "; ${file("x")} %{if true}
# resource "x" "y" {}
# # | `c` <b> ```  */ --> [a](b) \
output "id" {
  description = "Id of the AWS account m3-payments."
  value       = "222222222222"
}
