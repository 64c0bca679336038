"""Elastic data processing: jobs, what they read and write, and their executions."""
