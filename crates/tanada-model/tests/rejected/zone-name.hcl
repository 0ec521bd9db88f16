region "ap-northeast-1" {
  zones = { a = "ap-northeast-1a", c = "tokyo" }
}
