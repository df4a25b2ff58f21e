"""What each model is on engines that no server is at hand for, and whether that parses."""
