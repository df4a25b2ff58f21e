"""A simulated B2B software pipeline: people, what they do, what comes of it, and dirty tables."""
