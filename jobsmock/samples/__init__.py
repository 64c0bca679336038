"""Samples: the format of the file, its schemas, and how a world is made from one and written back to one."""
