"""Worlds that outlast a process."""
