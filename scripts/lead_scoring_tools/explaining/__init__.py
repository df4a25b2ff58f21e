"""Why a lead has its score: what the tables say of it, and what would change it."""
