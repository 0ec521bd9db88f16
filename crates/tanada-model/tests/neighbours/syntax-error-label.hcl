team "ab" {}
