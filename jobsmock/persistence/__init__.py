"""Keeps worlds in files beyond the life of a process, and reloads samples."""
