names = "{team}-{vpc}"

team "web" {}
