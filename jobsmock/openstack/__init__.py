"""What stands beside the service in a cloud: identity, and crumbs of compute, image and network, as clients ask."""
