team "etc" {}
team "root" {}
team "net-work" {}
team "tanada" {}
team "lives9" {}
team "a12345678901234567890123456789012345678901234567890123456789012" {}
team "x" {}
