"""jobsmock in the tests of others: a cloud at hand, a server in a thread, and clients that need no socket.

The pytest plugin and whoever writes `jobsmock.Cloud` or `jobsmock.Server` get here. What is done to a world is done by
the functions of the control API, called without HTTP: the same words mean the same, and errors say the same.
"""
