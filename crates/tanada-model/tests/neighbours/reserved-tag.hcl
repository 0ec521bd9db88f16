tags = { Crew = "web", "our:x" = "y" }
