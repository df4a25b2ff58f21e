"""Two rule sets on the same data and date: what a change of the rules would do."""
