pool "a" { range = "10.0.0.1/8" }
pool "b" { range = "010.0.0.0/8" }
pool "c" { range = "10.0.0.0" }
