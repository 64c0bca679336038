"""Rules: what happens to which requests."""
