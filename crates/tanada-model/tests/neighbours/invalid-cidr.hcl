pool "a" { range = "10.0.0.0/8" }
pool "b" { range = "11.0.0.0/8" }
pool "c" { range = "12.0.0.0/28" }
