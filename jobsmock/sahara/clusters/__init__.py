"""Clusters: templates, plugins and images, and how a cluster comes up, changes and ends."""
