# Written by tanada; change `network/`, not this file.
# terraform init -backend-config=../../../backend.hcl (../../backend.hcl for a hub)
bucket       = "m3-terraform-state"
region       = "ap-northeast-1"
use_lockfile = true
