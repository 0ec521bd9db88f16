region "ap-northeast-1" {
  zones = { a = "apne1-az4", c = "apne1-az1" }
}
