module "peer" {
  source = "../../../addresses/web-production"
}
locals {
  rows  = [{ name = "a", port = -1 }, { name = "b", port = 2 }]
  names = toset([for row in local.rows : "${row.name}-x" if row.port > 0 || !false])
  all   = merge([for i, row in local.rows : { (row.name) = i == 0 ? row.port : null }]...)
}
resource "aws_subnet" "this" {
  for_each = local.names
  name     = each.key
  dynamic "rule" {
    for_each = local.rows
    content {
      port = rule.value.port
    }
  }
}
output "ids" {
  value = [aws_subnet.this["b-x"].id, local.rows[*].name, module.peer.ids, slice(local.rows, 0, 1)]
}
moved {
  from = aws_subnet.this["a"]
  to   = aws_subnet.this["b-x"]
}
