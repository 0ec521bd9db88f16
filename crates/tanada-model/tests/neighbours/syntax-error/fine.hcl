team "web" { owner = "@m3/web" }
