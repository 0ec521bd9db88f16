# Written by tanada; change `network/`, not this file.
provider "aws" {
  region              = module.region_ap_northeast_1.name
  allowed_account_ids = [var.account_network]

  assume_role {
    role_arn = "arn:aws:iam::${var.account_network}:role/attach"
  }

  default_tags {
    tags = {
      ManagedBy      = "tanada"
      Team           = "platform"
      "cost:center"  = "$${x} 日本"
      "e\u0301quipe" = "\""
    }
  }
}
