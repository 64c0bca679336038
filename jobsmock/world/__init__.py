"""One mock cloud: its records, clock, plans, rules and journal. It knows nothing of HTTP, Flask or Sahara."""
