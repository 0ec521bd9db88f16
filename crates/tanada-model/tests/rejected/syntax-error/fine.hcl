team "web" { onwer = "@m3/web" }
