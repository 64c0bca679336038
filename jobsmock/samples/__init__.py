"""Samples: the file format, the schemas, and how to make a world from a sample and a snapshot of a world."""
