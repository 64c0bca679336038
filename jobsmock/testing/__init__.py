"""jobsmock in Python tests: a cloud in the same process, a server in a thread, and clients that need no socket.

The pytest plugin, `jobsmock.Cloud` and `jobsmock.Server` are built on it. Methods that change or read a world call the
functions of the control API without HTTP, so both take the same values and report the same errors.
"""
