"""What the service does: one module per resource, with its schema, its checks, its record and its operations together.

An operation takes the world, the project and what the request says, and returns the body of the answer, or raises a
ServiceError. No Flask here, and no status code but in errors.py.
"""
