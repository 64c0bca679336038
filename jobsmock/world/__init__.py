"""The pretended cloud. Knows no HTTP, no Flask and no Sahara; see world.py for the whole of it."""
