"""What each model's SQL is on warehouses that no server is at hand for, and whether it parses there."""
