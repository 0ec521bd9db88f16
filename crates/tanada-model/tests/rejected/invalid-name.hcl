team "../../etc" {}
team "/root" {}
team "net\u0007work" {}
team "棚田" {}
team "9lives" {}
team "a123456789012345678901234567890123456789012345678901234567890123" {}
team "" {}
