"""Keystone, as clients of the data processing service use it: logins, tokens, projects, users and the catalog."""
