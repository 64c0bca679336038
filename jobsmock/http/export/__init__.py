"""Journals and plans in the formats of other tools: curl commands, HAR, pytest files."""
