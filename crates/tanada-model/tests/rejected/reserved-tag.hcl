tags = { Team = "web", "aws:x" = "y" }
